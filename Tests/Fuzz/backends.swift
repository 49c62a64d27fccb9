/// Whatever a backend's program answers is taken for what it says, or refused; and what is a location
/// is spelled so that it is read again.
func fuzzBackends(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let location = try? Location(bytes) {
        let again = try? Location(location.spelling.bytes)
        precondition(again == location)
    }
    if let setting = try? BackendSetting(bytes) {
        let again = try? BackendSetting(setting.spelling.bytes)
        precondition(again == setting)
    }
    if let list = try? BackendList(bytes) {
        let again = try? BackendList(list.text.bytes)
        precondition(again?.entries == list.entries)
    }
    guard let folder = try? Location("v:a/".utf8) else { fatalError("it is a location") }
    let line = Secret(copying: bytes)
    if let request = try? BackendRequest(reading: line, of: folder.backend) {
        let again = try? BackendRequest(reading: request.line, of: folder.backend)
        precondition(again?.line == request.line)
    }
    for action: BackendRequest.Action in [
        .open(BackendOpening(folder.backend)), .read(folder), .list(folder),
        .write(folder, Secret(plain: "hunter22"), expected: .unknown),
    ] {
        do {
            if case .places(let places) = try BackendAnswer(line, to: BackendRequest(1, action)) {
                precondition(places.allSatisfy { $0.place.bytes.starts(with: folder.place.bytes) })
            }
        } catch let failure as BackendFailure {
            precondition(
                !failure.message.bytes.includes(Array("hunter22".utf8)) || !isWrite(action))
        } catch {
            precondition(error is BackendAnswer.NotProtocol)
        }
    }
    return 0
}

private func isWrite(_ action: BackendRequest.Action) -> Bool {
    if case .write = action { true } else { false }
}
