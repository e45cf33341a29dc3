import SerdEncoder
import SerdNetwork

extension HeadRecipe {
  /// A recipe with the encoder of a file.
  package init(_ recipe: HeadRecipe, encoderFile path: String) throws(ModelFileError) {
    self = recipe
    encoder = ModelFile.sha256(of: try ModelFile.bytes(path: path))
  }

  /// The int8 form of the encoder of a file. - Throws: `ModelFileError` that names the file.
  package func quantisedEncoder(file path: String) throws(ModelFileError) -> QuantisedEncoder {
    let bytes = try ModelFile.bytes(path: path)
    do throws(ModelFileError) {
      return QuantisedEncoder(try EncoderWeights(parsing: bytes, blocks: encoderBlocks))
    } catch {
      throw error.at("encoder \(path)")
    }
  }
}
