import Glibc

/// 10 log10 of a mean square, with digital silence at -200 dB.
package func decibels(ofMeanSquare meanSquare: Float) -> Float { meanSquare > 1e-20 ? 10 * log10f(meanSquare) : -200 }
