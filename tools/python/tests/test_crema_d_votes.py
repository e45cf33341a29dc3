import unittest

from serdtools.training.crema_d_votes import votes_of, with_votes


class Votes(unittest.TestCase):
    def test_a_tie_is_split(self):
        self.assertEqual(votes_of("F:N"), "fear:1 neutral:1")

    def test_a_letter_that_is_no_emotion_is_refused(self):
        with self.assertRaisesRegex(ValueError, "'X'"):
            votes_of("A:X")

    def test_a_recording_without_a_vote_keeps_its_label_alone(self):
        rows = [{"path": "a/1001_DFA_ANG_XX.opus", "label": "anger"}, {"path": "a/none.opus", "label": "fear"}]
        self.assertEqual([row["votes"] for row in with_votes(rows, {"1001_DFA_ANG_XX": "D"})], ["disgust:1", ""])
