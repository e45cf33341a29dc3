import unittest

try:
    import numpy

    from serdtools.detection import converters
except ImportError:  # numpy, scipy and soundfile come from PyPI
    converters = None


@unittest.skipIf(converters is None, "no numpy, scipy or soundfile")
class Converters(unittest.TestCase):
    def test_hum_has_the_level_that_it_says(self):
        y = converters.hum(numpy.zeros(16000), 50, -30)
        self.assertAlmostEqual(10 * numpy.log10(numpy.mean(y**2)), -30, places=6)

    def test_a_stuck_bit_is_zero_in_every_sample(self):
        x = numpy.arange(-300, 300) * converters.STEP
        y = numpy.round(converters.missing_bit(x, 4) / converters.STEP).astype(int)
        self.assertTrue((y & 16 == 0).all())
        self.assertLessEqual(abs(y - numpy.arange(-300, 300)).max(), 16)

    def test_gain_control_brings_loud_and_faint_to_one_level(self):
        tone = numpy.sin(numpy.arange(48000) * 0.3)
        ends = [converters.gain_control(gain * tone)[-8000:] for gain in (0.5, 0.05)]
        self.assertAlmostEqual(numpy.abs(ends[0]).max() / numpy.abs(ends[1]).max(), 1, places=2)

    def test_a_row_counts_the_emotions_that_stay(self):
        def said(label):
            return {
                "speech": True,
                "speech_windows": 2,
                "label": label,
                "probabilities": {"a": float(label == "a"), "b": 0},
            }

        self.assertEqual(converters.row("x", [said("a")] * 2, [said("a"), said("b")]), "| x | 4 | 50 % | 0.500 |")


if __name__ == "__main__":
    unittest.main()
