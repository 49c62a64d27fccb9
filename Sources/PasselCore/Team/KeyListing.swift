extension PublicKey {
    /// The keys in what `gpg --with-colons --list-keys` prints.
    ///
    /// The format is doc/DETAILS of GnuPG, with `--fixed-list-mode` and
    /// `--with-subkey-fingerprint`. Public and secret listings alike; of the latter only parts
    /// whose secret is there. Lines that cannot be understood are passed over.
    public static func list(_ colons: [UInt8]) -> [PublicKey] {
        var listing = Listing()
        for line in colons.split(separator: .newline) {
            listing.add(line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false))
        }
        listing.close()
        return listing.keys
    }

    private struct Listing {
        var keys: [PublicKey] = []
        /// The part whose `fpr` line is still to come.
        private var pending: (fields: [ArraySlice<UInt8>], isPrimary: Bool)?
        private var current: PublicKey?

        mutating func add(_ fields: [ArraySlice<UInt8>]) {
            switch String(decoding: fields[0], as: UTF8.self) {
            case "pub", "sec":
                close()
                pending = (fields, true)
            case "sub", "ssb": pending = (fields, false)
            case "fpr": finish(fields)
            case "uid":
                // Revoked and invalid user ids say nothing about the owner; of a revoked key all
                // are called revoked.
                let isRevoked = letter(fields, 1) == UInt8(ascii: "r")
                guard fields.count > 9, letter(fields, 1) != UInt8(ascii: "i"),
                    !isRevoked || current?.primary.isRevoked == true
                else { return }
                let userID = unescaped(fields[9])
                current?.userIDs.append(userID)
            default: break
            }
        }

        mutating func close() {
            if let current { keys.append(current) }
            current = nil
            pending = nil
        }

        private mutating func finish(_ fields: [ArraySlice<UInt8>]) {
            guard let (described, isPrimary) = pending, fields.count > 9, described.count > 11,
                let fingerprint = Fingerprint(fields[9])
            else { return }
            pending = nil
            let validity = letter(described, 1)
            var part = Part(
                fingerprint: fingerprint, created: number(described[5]) ?? 0,
                expires: number(described[6]), algorithm: Int(number(described[3]) ?? 0),
                bits: Int(number(described[2]) ?? 0))
            part.isRevoked = validity == UInt8(ascii: "r")
            part.isInvalid = validity == UInt8(ascii: "i")
            // Lower-case letters are the part's own capabilities, capitals those of the whole key.
            // A secret part that is not there (`#`) can do nothing for its owner.
            let isSecret = ["sec", "ssb"].contains { described[0].elementsEqual($0.utf8) }
            let place = isSecret && described.count > 14 ? described[14] : []
            let isMissing = place.elementsEqual("#".utf8)
            // The serial number of a card; `+` stands for a key on this machine.
            part.isOnCard = !isMissing && !place.isEmpty && !place.elementsEqual("+".utf8)
            part.canEncrypt = !isMissing && described[11].contains(UInt8(ascii: "e"))
            part.canSign = !isMissing && described[11].contains(UInt8(ascii: "s"))
            if isPrimary {
                var key = PublicKey(primary: part)
                key.isDisabled =
                    described[11].contains(UInt8(ascii: "D")) || validity == UInt8(ascii: "d")
                current = key
            } else {
                current?.subkeys.append(part)
            }
        }

        private func letter(_ fields: [ArraySlice<UInt8>], _ index: Int) -> UInt8 {
            fields.count > index ? fields[index].first ?? 0 : 0
        }

        private func number(_ field: ArraySlice<UInt8>) -> Int64? {
            guard !field.isEmpty, field.count < 19, field.allSatisfy(\.isDigit) else { return nil }
            return field.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        /// User ids quote colons and control characters as `\xHH`.
        private func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
            var result: [UInt8] = []
            var rest = field
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"), rest.count >= 3,
                    let high = rest.dropFirst().first?.hexValue,
                    let low = rest.dropFirst(2).first?.hexValue
                else {
                    result.append(byte)
                    continue
                }
                result.append(high << 4 | low)
                rest = rest.dropFirst(3)
            }
            return result
        }
    }
}
