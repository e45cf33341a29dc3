import math
import unittest

from serdtools.training.compare_runs import averaged, log_loss, recall, whole_seeds


class CompareRunsTests(unittest.TestCase):
    def test_recall_is_the_mean_over_classes(self):
        # Two of three of the one, none of the other; silence is an error.
        decisions = [(0, [0.9, 0.1]), (0, [0.6, 0.4]), (0, []), (1, [0.8, 0.2])]
        self.assertAlmostEqual(recall(decisions), 100 * (2 / 3 + 0) / 2)

    def test_log_loss_does_not_depend_on_how_sure_a_network_is(self):
        just, sure = [2 / 3, 1 / 3], [4 / 5, 1 / 5]
        loss, temperature = log_loss([(0, just), (0, just), (1, just), (0, None)])
        same, higher = log_loss([(0, sure), (0, sure), (1, sure)])
        self.assertAlmostEqual(loss, same)
        self.assertEqual((temperature, higher), (1, 2))

    def test_log_loss_of_chance_is_that_of_the_number_of_classes(self):
        loss, _ = log_loss([(0, [0.25] * 4), (3, [0.25] * 4)])
        self.assertAlmostEqual(loss, math.log(4))

    def test_seeds_that_are_not_done_are_left_out(self):
        self.assertEqual(list(whole_seeds({1: {"a": 0, "b": 0}, 2: {"a": 0}, 3: {"a": 0, "b": 0}})), [1, 3])

    def test_seeds_are_averaged_where_all_heard_speech(self):
        seeds = {1: {"a": (0, [1.0, 0.0]), "b": (1, [0.5, 0.5])}, 2: {"a": (0, [0.5, 0.5]), "b": (1, [])}}
        self.assertEqual(list(averaged(seeds)), [(0, [0.75, 0.25])])


if __name__ == "__main__":
    unittest.main()
