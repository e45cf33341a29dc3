import CALSA
import Glibc

/// Opening and configuring a PCM of libasound for capture.
enum PCM {
  /// What was agreed with a device.
  struct Setup {
    let encoding: SampleEncoding
    let channels: Int
    let rate: Int
    let periodFrames: Int
    let bufferFrames: Int
  }

  /// Rates that are asked for, in this order, before the nearest to 48 kHz is taken. All but the first need resampling;
  /// of those, multiples of the pipeline's rate and high ones first.
  static let preferredRates: [UInt32] = [16_000, 48_000, 32_000, 44_100, 96_000]

  private static let periodMicroseconds: UInt32 = 32_000
  private static let bufferMicroseconds: UInt32 = 1_000_000

  /// Keeps libasound from writing to stderr, once.
  private static let silenced: Void = serd_alsa_silence()

  /// Silences libasound, and makes it read its configuration anew, which it otherwise keeps from before a card or a
  /// server came.
  static func prepareLibrary() {
    _ = silenced
    snd_config_update_free_global()
  }

  /// Throws for a negative result.
  static func check(_ result: Int32) throws(DeviceFault) {
    if result < 0 { throw DeviceFault(result: Int(result)) }
  }

  /// Opens without waiting for others to release it, and without converters of libasound, but for those of
  /// `converters`.
  static func open(_ name: String, converters: Int32 = 0) throws(DeviceFault) -> OpaquePointer {
    prepareLibrary()
    let native = SND_PCM_NO_AUTO_RESAMPLE | SND_PCM_NO_AUTO_CHANNELS | SND_PCM_NO_AUTO_FORMAT
    var pcm: OpaquePointer?
    try check(snd_pcm_open(&pcm, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK | (native & ~converters)))
    return pcm!
  }

  /// Opens and agrees on a format; a device that has none of ours, as one of 8 bits, is left to libasound's conversion
  /// of formats, where its name allows that.
  ///
  /// What the channels become is left to libasound where its configuration says so.
  static func openConfigured(
    _ name: String, _ channel: ChannelChoice
  ) throws(DeviceFault) -> (OpaquePointer, Setup) {
    prepareLibrary()
    let asked = ALSAConfiguration.hasChannelTable(name) ? SND_PCM_NO_AUTO_CHANNELS : 0
    do throws(DeviceFault) {
      return try openConfigured(name, channel, converters: asked)
    } catch {
      guard error == .unsuitable || error == .error(EINVAL) else { throw error }
      return try openConfigured(name, channel, converters: asked | SND_PCM_NO_AUTO_FORMAT)
    }
  }

  private static func openConfigured(
    _ name: String, _ channel: ChannelChoice, converters: Int32
  ) throws(DeviceFault) -> (OpaquePointer, Setup) {
    let pcm = try open(name, converters: converters)
    do throws(DeviceFault) {
      return (pcm, try configure(pcm, channel))
    } catch {
      snd_pcm_close(pcm)
      throw error == .error(EINVAL) ? .unsuitable : error
    }
  }

  /// Everything that the device can do.
  static func withParameters<Value>(
    of pcm: OpaquePointer, _ body: (OpaquePointer) throws(DeviceFault) -> Value
  ) throws(DeviceFault) -> Value {
    var parameters: OpaquePointer?
    try check(snd_pcm_hw_params_malloc(&parameters))
    defer { snd_pcm_hw_params_free(parameters) }
    try check(snd_pcm_hw_params_any(pcm, parameters))
    try check(snd_pcm_hw_params_set_access(pcm, parameters, SND_PCM_ACCESS_RW_INTERLEAVED))
    // The flag of opening says the same, but only to the plug plugin.
    try check(snd_pcm_hw_params_set_rate_resample(pcm, parameters, 0))
    return try body(parameters!)
  }

  /// Agrees on a format and on a period near 32 ms in a buffer near 1 s.
  private static func configure(_ pcm: OpaquePointer, _ channel: ChannelChoice) throws(DeviceFault) -> Setup {
    let setup = try withParameters(of: pcm) { (parameters) throws(DeviceFault) -> Setup in
      let encoding = SampleEncoding.allCases.first { snd_pcm_hw_params_test_format(pcm, parameters, $0.alsa) == 0 }
      guard let encoding else { throw .unsuitable }
      try check(snd_pcm_hw_params_set_format(pcm, parameters, encoding.alsa))
      var channels = wanted(channel)
      try check(snd_pcm_hw_params_set_channels_near(pcm, parameters, &channels))
      var rate = preferredRates.first { snd_pcm_hw_params_test_rate(pcm, parameters, $0, 0) == 0 } ?? 48_000
      try check(snd_pcm_hw_params_set_rate_near(pcm, parameters, &rate, nil))
      var period = periodMicroseconds
      try check(snd_pcm_hw_params_set_period_time_near(pcm, parameters, &period, nil))
      var buffer = bufferMicroseconds
      try check(snd_pcm_hw_params_set_buffer_time_near(pcm, parameters, &buffer, nil))
      try check(snd_pcm_hw_params(pcm, parameters))
      var frames: snd_pcm_uframes_t = 0
      try check(snd_pcm_hw_params_get_period_size(parameters, &frames, nil))
      var bufferFrames: snd_pcm_uframes_t = 0
      try check(snd_pcm_hw_params_get_buffer_size(parameters, &bufferFrames))
      guard SampleRate.accepted.contains(Int(rate)), channels > 0, frames > 0 else {
        throw .unsuitable
      }
      return Setup(
        encoding: encoding, channels: Int(channels), rate: Int(rate), periodFrames: Int(frames),
        bufferFrames: Int(bufferFrames))
    }
    try wakePerPeriod(pcm, setup.periodFrames)
    return setup
  }

  /// How many channels are asked for: as few as will do. The best is looked for among so many as arrays have; a sound
  /// server would make any number.
  private static func wanted(_ channel: ChannelChoice) -> UInt32 {
    switch channel {
    case .mean: 1
    case .best: 8
    case .only(let number): UInt32(number)
    }
  }

  /// A wait ends when a period is there.
  private static func wakePerPeriod(_ pcm: OpaquePointer, _ frames: Int) throws(DeviceFault) {
    var parameters: OpaquePointer?
    try check(snd_pcm_sw_params_malloc(&parameters))
    defer { snd_pcm_sw_params_free(parameters) }
    try check(snd_pcm_sw_params_current(pcm, parameters))
    try check(snd_pcm_sw_params_set_avail_min(pcm, parameters, snd_pcm_uframes_t(frames)))
    try check(snd_pcm_sw_params(pcm, parameters))
  }
}
