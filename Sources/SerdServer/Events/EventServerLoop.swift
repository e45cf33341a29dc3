import Glibc
import SerdProtocol
import SerdSystem

/// What the event server's thread does: waits, takes events, serves clients, again.
struct EventServerLoop {
  /// How long queues are emptied at the end.
  static let flushing: Int64 = 200_000_000
  /// How long no client is accepted after the system had no descriptor for one.
  static let acceptPause: Int64 = 1_000_000_000

  private enum Accepting {
    case now
    /// The system had no descriptor for a client; tried again at this time, nanoseconds of the monotonic clock.
    case pausing(until: Int64)
  }

  private let socket: EventSocket
  private let mailbox: Mailbox<Event>
  private let hello: Hello
  private let handlers: EventServer.Handlers
  private let encoder: LineEncoder
  private let settings: EventServer.Settings
  private let counters: StatisticsBox
  private let patience: Int64

  private var clients: [ClientConnection] = []
  private var state: StateEvent?
  private var health: HealthEvent?
  private var accepting = Accepting.now
  private var buffer = [UInt8](repeating: 0, count: 4096)

  init(
    socket: EventSocket, mailbox: Mailbox<Event>, hello: Hello, handlers: EventServer.Handlers,
    clock: EventClock, settings: EventServer.Settings, counters: StatisticsBox
  ) {
    self.socket = socket
    self.mailbox = mailbox
    self.hello = hello
    self.handlers = handlers
    self.settings = settings
    self.counters = counters
    encoder = LineEncoder(clock: clock)
    patience = Int64(settings.patience / .nanoseconds(1))
  }

  /// Until the mailbox is sealed.
  mutating func run() {
    while true {
      let ready = wait(for: [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0), listener])
      // First and always, so that what was published before a client's command is sent before its answer.
      let delivery = mailbox.take()
      for event in delivery.elements { broadcast(event) }
      if delivery.refused > 0 { miss(delivery.refused) }
      if delivery.isClosed { break }
      for (index, answer) in ready.dropFirst(2).enumerated() { serve(index, answer.revents) }
      if ready[1].revents != 0 { accept() }
      flushAll()
    }
    stop()
  }

  /// Waits for these descriptors and the clients' until something happens or the patience with a client ends.
  private func wait(for own: [pollfd]) -> [pollfd] {
    var set = own + clients.map { pollfd(fd: $0.descriptor, events: $0.interest, revents: 0) }
    var deadlines = clients.filter(\.isOnNotice).map { $0.progress + patience }
    if case .pausing(let until) = accepting { deadlines.append(until) }
    let milliseconds = deadlines.min().map { Int32(clamping: max(0, $0 - now) / 1_000_000 + 1) }
    Descriptors.wait(&set, milliseconds: milliseconds ?? -1)
    return set
  }

  private var now: Int64 { encoder.clock.monotonic() }

  /// What new clients are waited for with; poll(2) ignores a negative descriptor.
  private var listener: pollfd {
    var isPausing = false
    if case .pausing(let until) = accepting { isPausing = until > now }
    return pollfd(fd: isPausing ? -1 : socket.descriptor, events: Int16(POLLIN), revents: 0)
  }

  // MARK: events

  private mutating func broadcast(_ event: Event) {
    if case .state(let new) = event {
      defer { state = new }
      guard new.differs(from: state) else { return }
    }
    // An overrun is over when it is told; what was true before it still is.
    if case .health(let new) = event, new.condition != .overrun { health = new }
    var content: LineEncoder.Content?
    for index in clients.indices where clients[index].wants(event) {
      let line = content ?? encoder.content(event)
      content = line
      send(line, to: index)
    }
  }

  private mutating func send(_ content: LineEncoder.Content, to index: Int) {
    let isQueued = clients[index].send(content, now: now)
    counters.update { if isQueued { $0.lines += 1 } else { $0.linesLost += 1 } }
  }

  /// Events that did not fit into the mailbox: as if no client could take them.
  private mutating func miss(_ count: Int) {
    for index in clients.indices { clients[index].miss(count, now: now) }
    counters.update { $0.linesLost += count * clients.count }
  }

  /// What is true now, for a client that is new or has missed lines.
  private mutating func sendRetained(to index: Int) {
    if let state { send(encoder.content(.state(state)), to: index) }
    if let health { send(encoder.content(.health(health)), to: index) }
  }

  // MARK: clients

  private mutating func accept() {
    for _ in 0..<16 {
      do throws(Errno) {
        let descriptor = try retrying { Glibc.accept(socket.descriptor, nil, nil) }
        do throws(Errno) { try Descriptors.prepare(descriptor) } catch {
          close(descriptor)
          continue
        }
        welcome(descriptor)
      } catch {
        // Without a descriptor the client stays in the queue, and poll(2) would report it at once, again and again.
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.code) {
          accepting = .pausing(until: now + Self.acceptPause)
        }
        return
      }
    }
  }

  private mutating func welcome(_ descriptor: Int32) {
    var client = ClientConnection(descriptor: descriptor, settings: settings, now: now)
    guard clients.count < settings.clients else {
      let message =
        "\(settings.clients) clients are connected, and no more are served; try again later"
      client.close(saying: encoder.content("error", Refusal(code: .full, message: message)))
      counters.update { $0.refused += 1 }
      client.flush(now: now)
      close(descriptor)
      return
    }
    clients.append(client)
    counters.update {
      $0.accepted += 1
      $0.clients = clients.count
    }
    send(encoder.content("hello", hello), to: clients.count - 1)
    sendRetained(to: clients.count - 1)
  }

  private mutating func serve(_ index: Int, _ events: Int16) {
    if events & Int16(POLLIN | POLLHUP | POLLERR) != 0, clients[index].isInputOpen {
      receive(from: index)
    }
    // Gone in both directions, and all that it had sent was read: reading answered "end" or an error.
    if events & Int16(POLLHUP | POLLERR | POLLNVAL) != 0, !clients[index].isInputOpen {
      clients[index].hangUp()
    }
  }

  private mutating func receive(from index: Int) {
    var lines: [LineBuffer.Line] = []
    clients[index].receive(into: &buffer) { lines.append($0) }
    for line in lines where clients[index].isServed { handle(line, from: index) }
  }

  private mutating func handle(_ line: LineBuffer.Line, from index: Int) {
    switch line {
    case .complete([]): return
    case .complete(let bytes):
      switch ClientCommand.parse(bytes) {
      case .success(let command): perform(command, for: index)
      case .failure(let refusal): refuse(refusal, to: index)
      }
    case .tooLong:
      let message = "the line is longer than \(settings.longestCommand) bytes"
      refuse(Refusal(code: .tooLong, message: message), to: index)
    }
  }

  private mutating func perform(_ command: ClientCommand, for index: Int) {
    switch command {
    case .subscribe(let windows): clients[index].wantsWindows = windows
    case .mute: handlers.mute(true)
    case .unmute: handlers.mute(false)
    case .forget: handlers.forget()
    case .ping: send(LineEncoder.Content("pong"), to: index)
    case .status:
      let report = StatusReport(
        time: encoder.clock.now, state: state, health: health, daemon: handlers.numbers(),
        server: counters.value)
      send(encoder.content("status", report), to: index)
    }
  }

  private mutating func refuse(_ refusal: Refusal, to index: Int) {
    clients[index].countRefusal()
    counters.update { $0.commandsRefused += 1 }
    guard clients[index].refusedCommands > settings.refusals else {
      return send(encoder.content("error", refusal), to: index)
    }
    let message = "more than \(settings.refusals) lines were refused; this connection ends"
    clients[index].close(
      saying: encoder.content("error", Refusal(code: .tooManyErrors, message: message)))
    counters.update { $0.dropped += 1 }
  }

  // MARK: queues

  /// Sends what the sockets take, tells those who lagged, and parts with those who do not read or are gone.
  private mutating func flushAll() {
    let now = now
    for index in clients.indices {
      clients[index].flush(now: now)
      if let missed = clients[index].endOfLag() {
        send(encoder.content("lagged", Lagged(dropped: missed)), to: index)
        sendRetained(to: index)
        clients[index].flush(now: now)
      }
      if clients[index].isOnNotice, now - clients[index].progress >= patience {
        // Who was refused is counted already.
        if !clients[index].isClosing { counters.update { $0.dropped += 1 } }
        clients[index].hangUp()
      }
    }
    if case .pausing(let until) = accepting, until <= now { accepting = .now }
    removeFinished()
  }

  private mutating func removeFinished() {
    guard clients.contains(where: \.isFinished) else { return }
    for client in clients where client.isFinished { close(client.descriptor) }
    clients.removeAll(where: \.isFinished)
    counters.update { $0.clients = clients.count }
  }

  private mutating func stop() {
    let end = now + Self.flushing
    for index in clients.indices {
      clients[index].close(saying: encoder.content("bye", Bye(reason: "stopping")))
    }
    flushAll()
    while !clients.isEmpty, now < end {
      var set = clients.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
      Descriptors.wait(&set, milliseconds: Int32(clamping: (end - now) / 1_000_000 + 1))
      for (index, answer) in set.enumerated() where answer.revents & Int16(POLLHUP | POLLERR) != 0 {
        clients[index].hangUp()
      }
      flushAll()
    }
    for client in clients { close(client.descriptor) }
    counters.update { $0.clients = 0 }
    socket.close()
  }
}
