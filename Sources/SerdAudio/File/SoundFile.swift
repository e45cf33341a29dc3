import SerdSystem

/// An audio file, decoded and mixed down to mono, part after part, at the native rate.
final class SoundFile {
  /// What is decoded now.
  private(set) var native: NativeFormat
  /// As its user named it.
  let place: String
  /// Seconds in the file as far as known before reading.
  let duration: Double?
  /// What its user should know, once all is read.
  private(set) var remarks: [FileRemark] = []
  /// What was wrong with the encoded data first, in the decoder's words.
  private(set) var problem: String?
  /// Seconds read so far.
  private(set) var secondsRead = 0.0

  private let input: InputFile
  private let channel: ChannelChoice
  private var links: SoundLinks
  private var part: Part
  private var isOver = false
  /// Seconds that the headers promise.
  private var promised = 0.0
  private var cancelling: FileRemark.Kind?
  /// The next slice, of all channels and mixed, and what of it was not handed out.
  private var interleaved: [Float] = []
  private var mono: [Float] = []
  private var pending = 0..<0

  /// What is decoded at present.
  private struct Part {
    let decoder: any FrameDecoder
    let bytes: SoundBytes
    var mixer: ChannelMixer
    var framesRead = 0
  }

  init(_ input: InputFile, channel: ChannelChoice) throws(AudioError) {
    var links = try SoundLinks(input)
    guard let (decoder, bytes) = try links.next() else {
      throw AudioError(.badData, at: input.place, "has a header but no sound", advice: "record or copy it again")
    }
    part = try SoundFile.part(decoder, bytes, channel)
    self.input = input
    self.channel = channel
    self.links = links
    place = input.place
    native = decoder.native
    duration =
      bytes.body.upperBound >= (bytes.input.size ?? .max) || links.isSingle
      ? decoder.frames.map { Double($0) / Double(decoder.native.sampleRate) } : nil
    makeRoom()
  }

  private static func part(
    _ decoder: any FrameDecoder, _ bytes: SoundBytes, _ channel: ChannelChoice
  ) throws(AudioError) -> Part {
    let channels = decoder.native.channels
    guard channel.exists(among: channels) else {
      throw AudioError(
        .badData, at: bytes.input.place,
        "has \(channels) channel\(channels == 1 ? "" : "s"), so there is no channel \(channel)",
        advice: "choose one of them, mean or best with --channel")
    }
    return Part(decoder: decoder, bytes: bytes, mixer: ChannelMixer(channel, channels: channels))
  }

  private func makeRoom() {
    // One channel needs no slices; of several, all are cut alike, whoever reads.
    let frames = native.channels == 1 ? 0 : max(1, Int(Double(native.sampleRate) * ChannelMixer.sliceSeconds))
    interleaved = Array(repeating: 0, count: frames * native.channels)
    mono = Array(repeating: 0, count: frames)
    pending = 0..<0
  }

  /// Decodes and mixes down the next frames into `mono`, which is not empty; returns how many. 0 is the end of what has
  /// this rate: `goOn` says whether something follows.
  func read(into target: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    while !isOver {
      let count = native.channels == 1 ? try decode(into: target) : try mixed(into: target)
      if count > 0 { return count }
      let rate = native.sampleRate
      try finishPart()
      if isOver || native.sampleRate != rate { return 0 }
    }
    return 0
  }

  /// After a `read` of 0: whether sound follows, at another rate.
  var goesOn: Bool { !isOver }

  /// Decodes the next frames of one channel.
  private func decode(into target: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    let count = try part.decoder.read(into: target)
    try check(UnsafeBufferPointer(rebasing: target[..<count]))
    advance(count)
    return count
  }

  /// Hands out of the next slice what there is room for.
  private func mixed(into target: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    if pending.isEmpty {
      var failure: AudioError?
      let count = interleaved.withUnsafeMutableBufferPointer { block in
        do throws(AudioError) {
          let count = try part.decoder.read(into: block)
          let frames = UnsafeBufferPointer(rebasing: block[..<(count * native.channels)])
          try check(frames)
          mono.withUnsafeMutableBufferPointer { _ = part.mixer.mix(frames, into: $0.baseAddress!) }
          return count
        } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
      advance(count)
      if let channel = part.mixer.takenForCancelling { cancelling = .cancelling(channel: channel, of: native.channels) }
      pending = 0..<count
    }
    let taken = pending.prefix(target.count)
    mono.withUnsafeBufferPointer {
      target.baseAddress!.update(from: $0.baseAddress! + taken.lowerBound, count: taken.count)
    }
    pending = pending.dropFirst(taken.count)
    return taken.count
  }

  private func advance(_ frames: Int) {
    part.framesRead += frames
    secondsRead += Double(frames) / Double(native.sampleRate)
    if problem == nil { problem = part.decoder.problem }
  }

  private func check(_ samples: UnsafeBufferPointer<Float>) throws(AudioError) {
    guard SampleRange.hasOther(samples),
      let bad = samples.firstIndex(where: { !($0.magnitude <= SampleRange.largest) })
    else { return }
    let time = secondsRead + Double(bad / native.channels) / Double(native.sampleRate)
    throw AudioError(
      .badData, at: place, "holds a sample that is no number (\(samples[bad])) at \(seconds(time))",
      advice: "export it again, as 16-bit PCM")
  }

  /// Looks at the length of what was read, and opens what follows.
  private func finishPart() throws(AudioError) {
    promised += promisedSeconds()
    do throws(AudioError) {
      if let (decoder, bytes) = try links.next() {
        part = try SoundFile.part(decoder, bytes, channel)
        native = decoder.native
        return makeRoom()
      }
    } catch  where secondsRead > 0 {
      // What was heard so far counts.
      if problem == nil { problem = error.problem }
    }
    isOver = true
    guard secondsRead > 0 else {
      throw AudioError(
        .badData, at: place, problem ?? "has a header but no sound", advice: "record or copy it again")
    }
    remarks = [lengthRemark, cancelling].compactMap { $0.map { FileRemark(place: place, kind: $0) } }
  }

  /// What the header says of the part that was read; as much as was read where it says nothing.
  private func promisedSeconds() -> Double {
    let rate = Double(native.sampleRate)
    let found = Double(part.framesRead) / rate
    if let wave = links.wave, let statedEnd = wave.statedEnd {
      let stated = (statedEnd - wave.dataStart) / wave.blockSize
      let read = part.bytes.bodyRead / wave.blockSize
      return read > 0 && stated > read ? found * Double(stated) / Double(read) : found
    }
    if links.wave != nil { return found }
    let promise = (part.decoder as? SoundFileDecoder)?.promisedFrames ?? (part.decoder as? MPEGDecoder)?.frames
    return promise.map { max(found, Double($0) / rate) } ?? found
  }

  private var lengthRemark: FileRemark.Kind? {
    let problem = problem ?? links.missing
    if promised - secondsRead >= FileRemark.worthAWord {
      return .cut(promised: promised, found: secondsRead, problem: problem)
    }
    if let problem { return .damaged(found: secondsRead, problem: problem) }
    if links.isUnended { return .unended(found: secondsRead) }
    if let wave = links.wave, let statedEnd = wave.statedEnd, part.bytes.isPast(statedEnd) {
      let stated = Double(statedEnd - wave.dataStart) / Double(max(1, part.bytes.bodyRead)) * secondsRead
      return .unfinished(stated: stated, found: secondsRead)
    }
    return nil
  }
}
