import Glibc

/// A library that is loaded when it is needed first.
struct SharedLibrary {
  private let fileName: String
  private let handle: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - purpose: what cannot be read without it, in the plural.
  ///   - package: Debian's.
  static func open(_ fileName: String, toRead purpose: String, package: String) -> Result<SharedLibrary, AudioError> {
    guard let handle = dlopen(fileName, RTLD_NOW) else {
      let words = dlerror().map { String(cString: $0) } ?? "unknown reason"
      return .failure(
        AudioError(
          .internal, at: fileName, "\(purpose) cannot be read without it (\(words))",
          advice: "install it, as with: apt install \(package)"))
    }
    return .success(SharedLibrary(fileName: fileName, handle: handle))
  }

  /// A function by its name; `Function` must be its type.
  func function<Function>(_ name: String) -> Function {
    guard let address = dlsym(handle, name) else {
      preconditionFailure("\(fileName) has no \(name), which all its versions have")
    }
    return unsafeBitCast(address, to: Function.self)
  }
}
