extension Secret {
    /// The last four characters, as lists of tokens show them; nothing for what is shorter than
    /// twelve or not one line of printable ASCII.
    public var lastFour: Text? {
        withBytes { bytes in
            let isLine = bytes.allSatisfy { (0x21...0x7E).contains($0) }
            return bytes.count >= 12 && isLine ? Text(bytes.suffix(4)) : nil
        }
    }
}
