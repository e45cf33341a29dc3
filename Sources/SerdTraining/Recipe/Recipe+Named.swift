import SerdFeatures

extension Recipe {
  /// The recipes that `sertrain` knows by name.
  package static let named: [Recipe] =
    [plain, strong, smooth, smoothPReLU, robust, rooms, adapted, strangers]
    + onEncoder + reportColumns + paperCells

  /// Nothing but Adam and a cosine: the least that trains. Also the smoke test.
  package static let plain: Recipe = {
    var recipe = Recipe(
      name: "plain", purpose: "Adam with a cosine schedule, clipped MFCC as in the report, no augmentation")
    recipe.standardises = false
    recipe.epochs = 40
    recipe.schedule = .cosine(initial: 1e-3, final: 0)
    recipe.weightDecay = .l2(1e-6)
    return recipe
  }()

  /// The strong orientation recipe of the PyTorch reference, in our terms.
  package static let strong: Recipe = {
    var recipe = Recipe(name: "strong", purpose: "augmented, standardised, mixup, AdamW one-cycle, averaged weights")
    recipe.frontEnd.clip = 5
    recipe.labelSmoothing = 0.1
    recipe.classBalance = 0.5
    recipe.gradientNorm = 5
    recipe.averaging = 0.99
    recipe.versions = ClipVersions(
      speeds: [0.9, 1, 1.1], vocalTractWarps: [0.92, 1, 1.08], noiseFloor: 50...60)
    recipe.augmentation.gainJitter = 6
    recipe.augmentation.noise = 0.05
    recipe.augmentation.roll = 16
    recipe.augmentation.timeMasks = 2
    recipe.augmentation.timeMaskFrames = 15
    recipe.augmentation.mixup = 0.3
    return recipe
  }()

  /// `strong` without mixup and with more label smoothing: what a screening on RAVDESS actors favoured.
  package static let smooth: Recipe = {
    var recipe = strong
    recipe.name = "smooth"
    recipe.purpose = "strong without mixup, label smoothing 0.15"
    recipe.augmentation.mixup = 0
    recipe.labelSmoothing = 0.15
    return recipe
  }()

  /// `smooth` with noise in three in ten of the versions (on RAVDESS it made the model robust to noise at little cost),
  /// a clip that standardised coefficients hardly reach, more weight decay, and the listeners' doubt in the targets.
  package static let robust: Recipe = {
    var recipe = smooth
    recipe.name = "robust"
    recipe.purpose = "smooth with noise at 10 to 30 dB in three in ten versions, more weight decay, listeners' doubt"
    recipe.frontEnd.clip = 4
    recipe.weightDecay = .decoupled(0.1)
    recipe.labelSmoothing = 0.1
    recipe.listenerDoubt = 1
    recipe.versions.noisyShare = 0.3
    return recipe
  }()

  /// `robust` with speech in rooms, noise at stated ratios, and narrow bands; other speakers' voices, and sounds to say
  /// nothing of.
  package static let rooms: Recipe = {
    var recipe = robust
    recipe.name = "rooms"
    recipe.purpose =
      "robust for rooms: reverberation, noise, narrow bands, other speakers' voices, sounds without speech"
    var room = RoomAugmentation()
    room.noise = 5...20
    room.noiseShare = 0.2
    room.reverberation = 0.2...0.8
    room.reverberationShare = 0.25
    room.upperLimit = 3000...7000
    room.bandShare = 0.1
    // Of the versions four in ten are undisturbed.
    recipe.versions = ClipVersions(
      speeds: [0.9, 0.95, 1, 1.05, 1.1], vocalTractWarps: [0.92, 0.96, 1, 1.04, 1.08], noiseFloor: 50...60,
      noisyShare: 0.2, room: room)
    recipe.augmentation.speakerTransfer = SpeakerTransfer()
    recipe.augmentation.backgrounds = BackgroundSounds()
    // The higher coefficients hold more of the pitch. The average reaches over 500 steps, at a rate that stays up, as
    // in SWA (Izmailov et al. 2018, arXiv 1803.05407). What each is worth: models/experiments.md, "What helped".
    recipe.frontEnd.coefficients = 60
    recipe.epochs = 160
    recipe.schedule = .cosine(initial: 2e-3, final: 5e-4)
    recipe.averaging = 0.998
    // What `classBalance` leaves of the corpus's frequencies.
    recipe.logitAdjustment = 0.5
    return recipe
  }()

  /// `rooms` for a model that follows its speaker: evaluated by `loso-adapted`. A speaker's recordings share their
  /// rooms, version by version (`VersionDraws`); other speakers' voices would be undone by the adaptation.
  package static let adapted: Recipe = {
    var recipe = rooms
    recipe.name = "adapted"
    recipe.purpose = "rooms, standardised over what was heard of the speaker so far (protocol loso-adapted)"
    recipe.augmentation.speakerTransfer = nil
    // It gains nothing here: models/experiments.md, "Following the speaker".
    recipe.logitAdjustment = nil
    // Three points of UA more where one emotion follows the other, or nothing was heard before: same section.
    recipe.augmentation.oneEmotionShare = 0.5
    recipe.frontEnd.adaptation = SpeakerAdaptation()
    return recipe
  }()

  /// `rooms` for several corpora at once (`--also`, `--labels`, protocol `loco`): balanced, so that a network does not
  /// learn which corpus has most of what, with listeners' votes for half of the target, and narrow bands oftener, since
  /// corpora differ in theirs. Trains for as many steps as three times EMO-DB, whatever there is to hear.
  package static let strangers: Recipe = {
    var recipe = rooms
    recipe.name = "strangers"
    recipe.purpose =
      "rooms for several corpora at once: balanced, listeners' votes, narrow bands in four of ten versions"
    recipe.versions.room?.upperLimit = 3400...8000
    recipe.versions.room?.bandShare = 0.4
    recipe.classBalance = 0
    recipe.balancesCorpora = true
    recipe.epochRecordings = 535
    recipe.epochs = 480
    recipe.listenerDoubt = 0.5
    recipe.logitAdjustment = nil
    return recipe
  }()

  /// `smooth` with the report's network.
  package static let smoothPReLU: Recipe = {
    var recipe = smooth
    recipe.name = "smooth-prelu"
    recipe.purpose = "smooth with the report's network: PReLU and the input added in the paths"
    recipe.architecture = .report
    return recipe
  }()
}
