import Foundation
import SerdFeatures
import SerdPipeline
import SerdTestKit
import Testing

/// The manual pages of the packages say what the programs do: nothing is missing in them, nothing made up.
@Suite struct ManualPageTests {
  /// A page's source, mdoc(7), without its comments.
  struct Page {
    let lines: [String]

    init(_ name: String) throws {
      let source = try String(contentsOfFile: Golden.folder + "/../../debian/man/" + name, encoding: .utf8)
      lines = source.split(separator: "\n").map(String.init).filter { !$0.hasPrefix(".\\\"") }
    }

    /// All words, without the punctuation that clings to them.
    static func words(_ lines: some Sequence<String>) -> Set<String> {
      Set(lines.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }.map(String.init) })
    }

    /// The long options named, as in `Fl -once`.
    var options: Set<String> {
      Set(
        lines.filter { $0.hasPrefix(".") }.flatMap { line in
          let words = line.split(separator: " ")
          return words.indices.dropFirst().filter { words[$0 - 1].hasSuffix("Fl") && words[$0].hasPrefix("-") }
            .map { String(words[$0].dropFirst()) }
        })
    }

    /// What follows `.It Nm Cm` or `.It Cm`, each with the text up to the next item or heading.
    func items(_ macro: String) -> [(head: String, body: [String])] {
      lines.indices.filter { lines[$0].hasPrefix(macro) }.map { index in
        let body = lines[(index + 1)...].prefix { !$0.hasPrefix(".It") && !$0.hasPrefix(".Sh") && !$0.hasPrefix(".El") }
        return (String(lines[index].dropFirst(macro.count)), Array(body))
      }
    }
  }

  /// What the argument parser says about a program.
  struct Dump: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let names: [Name]?
      let shouldDisplay: Bool
    }
    let command: Command
  }

  @Test(
    "serd(1), serd-web(1) and sertrain(1) have every command and every option, and no other",
    arguments: ["serd", "serd-web", "sertrain"])
  func commands(program: String) throws {
    let page = try Page("\(program).1")
    let dumped = try Program(program).run(["--experimental-dump-help"]).output
    let commands = try #require(try JSONDecoder().decode(Dump.self, from: Data(dumped.utf8)).command.subcommands)
    #expect(commands.count >= 4)
    let described = page.items(".It Nm Cm ").map { $0.head.split(separator: " ")[0] }
    #expect(Set(described.map(String.init)) == Set(commands.map(\.commandName)))
    let others = commands.filter { $0.commandName != "classify" }
    let options = others.flatMap { $0.arguments ?? [] }.filter(\.shouldDisplay).flatMap { $0.names ?? [] }.filter {
      $0.kind == "long"
    }
    #expect(page.options == Set(options.map(\.name)))
  }

  @Test("serd-classify(1) has every option and every exit code of serd classify, and no other")
  func classify() throws {
    let page = try Page("serd-classify.1")
    let dumped = try Program("serd").run(["--experimental-dump-help"]).output
    let command = try JSONDecoder().decode(Dump.self, from: Data(dumped.utf8)).command.subcommands?.first {
      $0.commandName == "classify"
    }
    let names = try #require(command?.arguments).filter(\.shouldDisplay).flatMap { $0.names ?? [] }
    #expect(page.options == Set(names.filter { $0.kind == "long" }.map(\.name)).subtracting(["help", "version"]))
    let codes = Set(page.items(".It ").compactMap { Int($0.head) })
    let help = try Program("serd").run(["classify", "--help"]).output
    let start = try #require(help.range(of: "Exit codes:"))
    let end = try #require(help.range(of: "USAGE:"))
    let words = help[start.upperBound..<end.lowerBound].split(whereSeparator: \.isWhitespace)
    let documented = words.compactMap { Int($0) }
    #expect(documented.count == 6 && codes.isSuperset(of: documented))
  }

  @Test("serd(1) has the exit codes that serd --help has")
  func exitCodes() throws {
    func codes(_ text: String) -> [Int] { text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) } }
    let help = try Program("serd").run(["--help"]).output
    let start = try #require(help.range(of: "Exit codes:"))
    let end = try #require(help.range(of: "USAGE:"))
    let documented = codes(String(help[start.upperBound..<end.lowerBound]))
    #expect(documented.count >= 9)
    #expect(try Page("serd.1").items(".It ").compactMap { Int($0.head) } == documented)
  }

  @Test("serd.conf(5) has every key in its section with its default, and says which need a restart")
  func keys() throws {
    var expected: [String] = []
    var thresholds: [String] = []
    var needsRestart = false
    for line in try Program("serd").run(["check-config", "--defaults"]).lines {
      if line.hasPrefix("[") {
        expected.append(String(line))
      } else if line.hasPrefix("# ") {
        needsRestart = line.hasSuffix("Needs a restart.")
      } else if line.hasPrefix("#"), expected.last == "[thresholds]" {
        thresholds.append(String(line.dropFirst()))
      } else if line.hasPrefix("#") {
        expected.append(line.dropFirst().trimmingCharacters(in: .whitespaces) + (needsRestart ? " [restart]" : ""))
      }
    }
    #expect(expected.count > 20)
    let page = try Page("serd.conf.5")
    let found = page.lines.indices.compactMap { index -> String? in
      let line = page.lines[index]
      if line.hasPrefix(".Sh [") { return String(line.dropFirst(4)) }
      guard line.hasPrefix(".It Cm ") else { return nil }
      let setting = line.dropFirst(7).replacingOccurrences(of: " No =", with: " =")
      return setting + (page.lines[index + 1] == ".Bq restart" ? " [restart]" : "")
    }
    // The page is the packages', whose programs have FFTW.
    let asInPackages = expected.map { $0.replacing("transform = \(TransformKind.default)", with: "transform = fftw") }
    #expect(found == asInPackages)
    #expect(thresholds.count > 4 && thresholds.allSatisfy(page.lines.contains), "\(thresholds)")
  }

  @Test("serd-web(1) has every key with its default")
  func pageKeys() throws {
    let expected = try Program("serd-web").run(["check-config", "--defaults"]).lines.filter {
      $0.hasPrefix("#") && !$0.hasPrefix("# ")
    }.map { $0.dropFirst().trimmingCharacters(in: .whitespaces) }
    #expect(expected.count > 10)
    let found = try Page("serd-web.1").items(".It Cm ").map(\.head).filter { $0.contains("No =") }.map {
      $0.replacingOccurrences(of: " No =", with: " =")
    }
    #expect(found == expected)
  }

  @Test("serd-events(7) has every type of line and every field of the schema")
  func events() throws {
    let page = try Page("serd-events.7")
    let schema = Golden.folder + "/../../Sources/SerdProtocol/events.schema.json"
    let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: schema)))
    let definitions = try #require((parsed as? [String: Any])?["$defs"] as? [String: [String: Any]])
    let types = try #require((parsed as? [String: Any])?["oneOf"] as? [[String: [String: [String: String]]]])
      .compactMap { $0["properties"]?["type"]?["const"] }
    let items = Dictionary(page.items(".It Cm ").map { ($0.head, $0.body) }, uniquingKeysWith: { one, _ in one })
    #expect(Set(items.keys) == Set(types))
    for type in types {
      let missing = fields(try #require(definitions[type])).subtracting(Page.words(items[type] ?? []))
      #expect(missing.isEmpty, "\(type)")
    }
    #expect(fields(try #require(definitions["time"])).isSubset(of: Page.words(page.lines)))
  }

  /// Names of properties and, where they are texts from a list, their values; those of other definitions are not
  /// followed.
  private func fields(_ schema: Any) -> Set<String> {
    if let list = schema as? [Any] { return Set(list.flatMap(fields)) }
    guard let object = schema as? [String: Any] else { return [] }
    var found = Set(object["enum"] as? [String] ?? [])
    for (key, value) in object {
      if key == "properties", let properties = value as? [String: Any] {
        found.formUnion(properties.keys)
        for property in properties.values { found.formUnion(fields(property)) }
      } else {
        found.formUnion(fields(value))
      }
    }
    return found
  }

  @Test("the package has the programs' version")
  func version() throws {
    let changelog = try String(contentsOfFile: Golden.folder + "/../../debian/changelog", encoding: .utf8)
    #expect(changelog.hasPrefix("serd (\(Version.number)) "))
    #expect(try Program("serd-web").run(["--version"]).output == "serd-web \(Version.number)\n")
  }
}
