extension TrainableNetwork {
  /// Logits, count × classes, of `count` inputs of frames × coefficients, one after the other.
  ///
  /// With `training`, batch norm uses and records the statistics of this batch and dropout is on; without, running
  /// statistics and no dropout.
  @discardableResult
  package func forward(_ inputs: [Float], count: Int, training: Bool) -> [Float] {
    precondition(inputs.count >= count * frames * coefficients, "the batch has fewer than \(count) inputs")
    return inputs.withUnsafeBufferPointer { forward($0.baseAddress!, count: count, training: training) }
  }

  /// As above, from memory of count · frames · coefficients floats.
  @discardableResult
  package func forward(_ inputs: UnsafePointer<Float>, count: Int, training: Bool) -> [Float] {
    precondition(count > 0, "a batch needs at least one input")
    reserve(images: count)
    batch.base.update(from: inputs, count: count * frames * coefficients)
    fakeQuantisation?.activations.input.round(batch.base, count: count * frames * coefficients, inside: nil)
    let groups = ImageGroups(images: count, threads: threads)
    roundedParameters = fakeQuantisation?.rounded(parameters, table: table) ?? []
    (roundedParameters.isEmpty ? parameters : roundedParameters).withUnsafeBufferPointer { parameters in
      runningStatistics.withUnsafeMutableBufferPointer { running in
        run(groups, parameters.baseAddress!, running.baseAddress!, training: training)
      }
    }
    lastForward = training ? .training(images: count) : .evaluation(images: count)
    return head.logits.array(0..<count * classes)
  }

  private func run(
    _ groups: ImageGroups, _ parameters: UnsafePointer<Float>, _ running: UnsafeMutablePointer<Float>, training: Bool
  ) {
    let epsilon = architecture.batchNormEpsilon
    let usesBatch = training && !freezesStatistics
    let imageSize = frames * coefficients
    if usesBatch {
      for path in paths { path.clearMoments() }
      groups.forEach { [self] group, images, worker in
        for image in images {
          for path in paths {
            path.addMoments(batch.base + image * imageSize, group: group, pathWorkspaces[worker])
          }
        }
      }
    }
    for path in paths {
      if usesBatch {
        path.finishMoments(parameters: parameters, running: running, epsilon: epsilon)
      } else {
        path.useRunningStatistics(parameters: parameters, running: running, epsilon: epsilon)
      }
    }
    body.first?.prepareForward(parameters: parameters)
    groups.forEach { [self] group, images, worker in
      for image in images {
        for path in paths {
          path.forward(
            batch.base + image * imageSize, parameters: parameters, into: pathOutput, index: image,
            pathWorkspaces[worker])
        }
      }
      round(pathOutput, images, block: 0)
      body.first?.convolve(images, group: group, training: usesBatch, bodyWorkspaces[worker])
    }
    for (index, stage) in body.enumerated() {
      if usesBatch {
        stage.finishSums(images: groups.images, parameters: parameters, running: running, epsilon: epsilon)
      } else {
        stage.useRunningStatistics(parameters: parameters, running: running, epsilon: epsilon)
      }
      let next = index + 1 < body.count ? body[index + 1] : nil
      next?.prepareForward(parameters: parameters)
      groups.forEach { [self] group, images, worker in
        stage.normaliseAndPool(images, parameters: parameters)
        // The last block's output is rounded after the global pool, by the head.
        if next != nil { round(stage.output, images, block: index + 1) }
        next?.convolve(images, group: group, training: usesBatch, bodyWorkspaces[worker])
      }
    }
    head.forward(
      images: groups.images, parameters: parameters, dropout: training ? dropout : 0, generator: &generator)
  }

  /// Rounds a block's output to its grid, 0 being the concatenated paths.
  private func round(_ stack: ImageStack, _ images: Range<Int>, block: Int) {
    guard let activations = fakeQuantisation?.activations else { return }
    let grid = block == 0 ? activations.paths : activations.body[block - 1]
    let size = stack.pixels * stack.channels
    for image in images { grid.round(stack.image(image), count: size, inside: insides[block].base + image * size) }
  }

  private func reserve(images: Int) {
    if fakeQuantisation != nil {
      for (index, stage) in body.enumerated() {
        insides[index].reserve(images * stage.input.pixels * stage.input.channels)
      }
    }
    batch.reserve(images * frames * coefficients)
    pathOutput.reserve(images: images)
    pathGradient.reserve(images: images)
    for stage in body { stage.reserve(images: images) }
    head.reserve(images: images)
    let groups = ImageGroups(images: images, threads: threads)
    while pathWorkspaces.count < groups.threads {
      pathWorkspaces.append(PathWorkspace())
      bodyWorkspaces.append(BodyWorkspace())
    }
    for workspace in pathWorkspaces {
      for path in paths { path.reserve(workspace) }
    }
    for workspace in bodyWorkspaces {
      for stage in body { stage.reserve(workspace, images: groups.largest) }
    }
  }

  /// A block's output in the last forward: `path1`…, `body1`… after activation and pool (NHWC: image, frame,
  /// coefficient, channel), `pooled` (images × channels, before dropout) or `logits` (images × classes).
  ///
  /// The last body block has no pool of its own, so its name gives what the global pool reads. Cost: one copy. An
  /// unknown name, or no forward before, is a programmer error.
  package func activation(_ name: String) -> [Float] {
    let images = lastForward.images
    precondition(images > 0, "activations exist only after a forward")
    if let path = paths.first(where: { $0.shape.name == name }) {
      return pathOutput.array(
        images: images, channels: path.firstChannel..<path.firstChannel + path.channels)
    }
    if let stage = body.first(where: { $0.shape.name == name }) { return stage.output.array(images: images) }
    switch name {
    case "pooled": return head.pooled.array(0..<images * head.channels)
    case "logits": return head.logits.array(0..<images * classes)
    default: preconditionFailure("the network has no activation \"\(name)\"")
    }
  }
}
