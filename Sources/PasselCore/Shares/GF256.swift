/// Arithmetic on bytes in which every one but zero divides: the field of AES, FIPS 197 §4.
///
/// Addition is `^`. Nothing here branches on a value or looks one up in a table, so that how long it
/// takes says nothing of secrets.
enum GF256 {
    /// The product, modulo x⁸ + x⁴ + x³ + x + 1.
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (left, right, product): (UInt8, UInt8, UInt8) = (left, right, 0)
        for _ in 0..<8 {
            product ^= left & (0 &- (right & 1))
            left = left << 1 ^ (0x1B & (0 &- (left >> 7)))
            right >>= 1
        }
        return product
    }

    /// What times `value` is 1; of zero, zero.
    ///
    /// Fermat: the 254th power.
    static func inverse(_ value: UInt8) -> UInt8 {
        var (power, result): (UInt8, UInt8) = (value, 1)
        for _ in 1..<8 {
            power = product(power, power)
            result = product(result, power)
        }
        return result
    }
}
