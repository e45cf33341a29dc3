import SerdFeatures

extension Recipe {
  /// Recipes of heads on a pretrained encoder (`--encoder`), of one corpus or several.
  static let onEncoder = [head, headFollowing, headRooms, headRoomsFollowing]

  /// The recipe that `--encoder` takes by default.
  package static let head: Recipe = {
    var recipe = Recipe(name: "head", purpose: "a linear head on a pretrained speech encoder (--encoder)")
    recipe.balancesCorpora = true
    recipe.listenerDoubt = 0.5
    recipe.head = HeadRecipe()
    return recipe
  }()

  /// `head` for a head that follows its speaker.
  package static let headFollowing = following(head)

  /// `head` with three augmented versions of every recording. On clean recordings it gains nothing, in noise and rooms
  /// much: models/experiments.md, "Heads on a pretrained encoder".
  package static let headRooms: Recipe = {
    var recipe = head
    recipe.name = "head-rooms"
    recipe.purpose = "head for rooms: augmented versions with reverberation, noise, narrow bands"
    recipe.head?.versions = 3
    recipe.head?.room = strangers.versions.room
    return recipe
  }()

  /// `headRooms` for a head that follows its speaker.
  package static let headRoomsFollowing = following(headRooms)

  private static func following(_ recipe: Recipe) -> Recipe {
    var following = recipe
    following.name = recipe.name + "-following"
    following.purpose =
      "\(recipe.name), standardised over what was heard of the speaker so far (protocols loco-adapted, loso-adapted)"
    following.head?.following = SpeakerFollowing()
    return following
  }
}
