import CInt8Kernels

/// Where each activation of a network lies in one block of memory, worked out before anything is allocated.
///
/// Every image has a place of its own: its halo is written once and stays, and the images after the first are so small
/// that sharing memory would save a fifth.
package struct Int8Plan {
  /// The one-channel input.
  package let planes: PlaneShape
  /// The output of the paths, then of each body block but the last.
  package let images: [ImageShape]
  /// Groups of channels in `images[0]` before each path's.
  package let pathGroups: [Int]
  /// Rows of sums before the global pool.
  package let sumRows: Int
  /// Bytes of the whole block.
  package private(set) var byteCount = 0
  /// Where everything starts, in bytes from the start of the block, in ascending order: the planes…
  package let (across, down): (Int, Int)
  /// …the images…
  package let imageOffsets: [Int]
  /// …and rows of sums, the pooled vector, one scaled frame, and the dense layer's sums.
  package let (sums, vector, scaled, logits): (Int, Int, Int, Int)
  /// Last, the window's frames as they came; nothing without spare frames.
  package let frames: Int

  /// The plan of a model's network; `layers` in the order of its `layerShapes`. With spare frames a window may slide by
  /// as many: after each activation there is room for what that adds to its end (`SlidingImage`).
  package init(_ description: ModelDescription, layers: [PackedLayer], spareFrames: Int = 0) {
    let shapes = description.layerShapes
    let architecture = description.architecture
    let pathCount = architecture.paths.count
    let coefficients = description.frontEnd.coefficients
    planes = PlaneShape(.init(description.windowFrames, coefficients), paths: architecture.paths)
    images = shapes[pathCount...].enumerated().map { index, reader in
      let groups =
        index == 0 ? LayerTables.concatenatedGroups(architecture) : LayerTables.groups(reader.inputChannels)
      return ImageShape(
        height: reader.input.height, width: reader.input.width, groups: groups, halo: reader.block.kernel.height / 2)
    }
    pathGroups = architecture.paths.indices.map { path in
      architecture.paths[..<path].reduce(0) { $0 + LayerTables.groups($1.channels) }
    }
    sumRows = shapes.last!.input.height
    let channels = layers.last!.paddedChannels
    var end = 0
    func place(_ byteCount: Int) -> Int {
      defer { end += AlignedMemory.aligned(byteCount) }
      return end
    }
    let strides = description.rowReuse.map(\.stride)
    let word = MemoryLayout<Int32>.size
    (across, down) = (
      place(planes.byteCount + spareFrames * planes.acrossStride), place(planes.byteCount + spareFrames)
    )
    imageOffsets = zip(images, strides[(pathCount - 1)...]).map { place($0.byteCount + spareFrames / $1 * word) }
    (sums, vector) = (place((sumRows + spareFrames / strides.last!) * channels * word), place(channels))
    (scaled, logits) = (place(coefficients * word), place(description.labels.count * word))
    frames = place(spareFrames == 0 ? 0 : (description.windowFrames + spareFrames) * coefficients * word)
    byteCount = end
  }
}
