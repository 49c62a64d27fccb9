/// Whatever follows `otpauth://`: no trap, and a key that is read makes passwords of its length.
func fuzzOneTimeURI(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for source in [bytes, Array("otpauth://".utf8) + bytes] {
        guard let uri = try? OneTimeURI(Secret(copying: source)) else { continue }
        let key = uri.key
        precondition((5...8).contains(key.digits) && key.period > 0)
        precondition(!key.account.bytes.isEmpty)
        precondition(key.password(0).count == key.digits)
        precondition(key.password(at: 1 << 40).count == key.digits)
        let next = try? OneTimeURI(uri.stepped)
        precondition(next?.key.counter == key.counter.map { $0 &+ 1 })
        precondition(next?.key.account == key.account && next?.key.issuer == key.issuer)
    }
    if let made = try? OneTimeURI(
        OneTimeURI.assembled(secret: Secret(plain: "AAAA"), issuer: nil, account: Text(bytes)))
    {
        precondition(made.key.account == Text(bytes))
    }
    return 0
}
