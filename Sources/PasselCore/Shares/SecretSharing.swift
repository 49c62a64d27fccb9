/// A secret in parts of which so many give it and fewer nothing.
///
/// Shamir, "How to Share a Secret", 1979, on each byte by itself.
enum SecretSharing {
    /// The parts with the numbers from 1 on, each as long as the secret.
    ///
    /// - Parameter coefficients: one random byte for each byte of the secret and each part but one
    ///   that is needed; whoever knows them knows the secret by a single part.
    static func split(
        _ secret: Secret, into count: Int, need: Int, coefficients: Secret
    ) -> [Secret] {
        precondition(2...count ~= need && count < 256)
        precondition(coefficients.count == secret.count * (need - 1))
        return (1...count).map { number in
            Secret(capacity: secret.count) { memory in
                secret.withBytes { secret in
                    coefficients.withBytes { coefficients in
                        for place in secret.indices {
                            var value: UInt8 = 0
                            for power in (0..<need - 1).reversed() {
                                value = GF256.product(
                                    value ^ coefficients[power * secret.count + place],
                                    UInt8(number))
                            }
                            memory[place] = value ^ secret[place]
                        }
                    }
                }
                return secret.count
            }
        }
    }

    /// The part with this number, by as many others as are needed; the secret itself is number 0.
    ///
    /// Parts of equal length and different numbers.
    static func part(_ number: UInt8, by parts: [(number: UInt8, part: Secret)]) -> Secret {
        let length = parts.first?.part.count ?? 0
        return Secret(capacity: length) { memory in
            for place in 0..<length { memory[place] = 0 }
            for (own, part) in parts {
                // Lagrange: 1 at this part's number, 0 at those of the others.
                let factor = parts.reduce(UInt8(1)) { factor, other in
                    guard other.number != own else { return factor }
                    let quotient = GF256.product(
                        number ^ other.number, GF256.inverse(own ^ other.number))
                    return GF256.product(factor, quotient)
                }
                part.withBytes { part in
                    for place in 0..<length { memory[place] ^= GF256.product(part[place], factor) }
                }
            }
            return length
        }
    }
}
