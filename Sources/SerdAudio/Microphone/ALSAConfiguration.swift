import CALSA

/// What libasound's configuration says of a device besides how to open it.
package enum ALSAConfiguration {
  /// Whether the user chose what the channels become: a plug plugin with a table, by whatever name and however deep.
  ///
  /// Converters of plug are switched off at opening; this one was asked for.
  package static func hasChannelTable(_ device: String) -> Bool {
    withConfiguration { top in
      var definition: OpaquePointer?
      guard snd_config_search_definition(top, "pcm", device, &definition) >= 0, let definition else { return false }
      defer { snd_config_delete(definition) }
      return hasTable(definition, top, depth: 0)
    }
  }

  /// Whether devices here need no clock: those of tests, which play faster than sound is.
  static var allowsClockless: Bool {
    withConfiguration { top in
      var node: OpaquePointer?
      return snd_config_search(top, "defaults.serd.clockless", &node) == 0 && snd_config_get_bool(node) == 1
    }
  }

  private static func withConfiguration(_ body: (OpaquePointer) -> Bool) -> Bool {
    var top: OpaquePointer?
    guard snd_config_update_ref(&top) >= 0, let top else { return false }
    defer { snd_config_unref(top) }
    return body(top)
  }

  private static func hasTable(_ definition: OpaquePointer, _ top: OpaquePointer, depth: Int) -> Bool {
    if depth > 8 { return false }
    if let name = text(definition) { return isFound(name, in: "pcm", top, depth) }
    var child: OpaquePointer?
    if text(named: "type", in: definition) == "plug", snd_config_search(definition, "ttable", &child) == 0 {
      return true
    }
    return ["slave", "capture"].contains { key in
      guard snd_config_search(definition, key, &child) == 0, let part = child else { return false }
      if let name = text(part) { return isFound(name, in: key == "slave" ? "pcm_slave" : "pcm", top, depth) }
      // `slave { pcm X }` and `capture.pcm X`.
      guard snd_config_search(part, "pcm", &child) == 0, let inner = child else { return false }
      return hasTable(inner, top, depth: depth + 1)
    }
  }

  /// Looks at what a name stands for.
  private static func isFound(_ name: String, in base: String, _ top: OpaquePointer, _ depth: Int) -> Bool {
    var definition: OpaquePointer?
    guard snd_config_search_definition(top, base, name, &definition) >= 0, let definition else { return false }
    defer { snd_config_delete(definition) }
    guard base == "pcm_slave" else { return hasTable(definition, top, depth: depth + 1) }
    var inner: OpaquePointer?
    guard snd_config_search(definition, "pcm", &inner) == 0, let inner else { return false }
    return hasTable(inner, top, depth: depth + 1)
  }

  private static func text(named key: String, in definition: OpaquePointer) -> String? {
    var child: OpaquePointer?
    guard snd_config_search(definition, key, &child) == 0, let child else { return nil }
    return text(child)
  }

  private static func text(_ node: OpaquePointer) -> String? {
    var text: UnsafePointer<CChar>?
    guard snd_config_get_string(node, &text) == 0, let text else { return nil }
    return String(cString: text)
  }
}
