extension TrainableNetwork {
  /// Fills `gradients` from the gradient of the loss with respect to the logits (count × classes).
  ///
  /// Needs a training forward right before; what was in `gradients` is overwritten. There is no gradient with respect
  /// to the input.
  package func backward(logitGradients: [Float]) {
    guard case .training(let images) = lastForward else {
      preconditionFailure("backward needs a forward in training mode before it")
    }
    precondition(logitGradients.count == images * classes, "one gradient per logit of the last forward is needed")
    let groups = ImageGroups(images: images, threads: threads)
    (roundedParameters.isEmpty ? parameters : roundedParameters).withUnsafeBufferPointer { parameters in
      gradients.withUnsafeMutableBufferPointer { gradients in
        logitGradients.withUnsafeBufferPointer { logits in
          run(groups, logits.baseAddress!, parameters.baseAddress!, gradients.baseAddress!)
        }
      }
    }
    lastForward = .spent(images: images)
  }

  /// The straight-through estimator (Bengio et al. 2013, arXiv 1308.3432): rounding has gradient 1 inside the grid and
  /// 0 beyond its ends.
  private func passThrough(_ gradient: ImageStack, _ images: Range<Int>, inside: Buffer<Float>) {
    guard fakeQuantisation != nil else { return }
    let size = gradient.pixels * gradient.channels
    for image in images {
      let (g, factors) = (gradient.image(image), inside.base + image * size)
      for i in 0..<size { g[i] *= factors[i] }
    }
  }

  private func run(
    _ groups: ImageGroups, _ logitGradients: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    let imageSize = frames * coefficients
    head.backward(
      images: groups.images, logitGradients: logitGradients, parameters: parameters, gradients: gradients)
    for stage in body { stage.prepareBackward(parameters: parameters) }
    for path in paths { path.clearProducts() }
    if let last = body.last {
      groups.forEach { group, images, _ in
        last.sumGradients(images, group: group, parameters: parameters)
      }
    }
    for index in body.indices.reversed() {
      let stage = body[index]
      stage.finishGradientSums(parameters: parameters, gradients: gradients)
      let next = index > 0 ? body[index - 1] : nil
      groups.forEach { [self] group, images, worker in
        stage.differentiate(images, group: group, parameters: parameters, bodyWorkspaces[worker])
        passThrough(stage.inputGradient, images, inside: insides[index])
        next?.sumGradients(images, group: group, parameters: parameters)
      }
      stage.finishBackward(gradients: gradients)
    }
    groups.forEach { [self] group, images, worker in
      for image in images {
        for path in paths {
          path.backward(
            batch.base + image * imageSize, parameters: parameters, outputGradient: pathGradient, index: image,
            group: group, pathWorkspaces[worker])
        }
      }
    }
    for path in paths { path.finishBackward(parameters: parameters, gradients: gradients) }
  }
}
