/// The longest sequence that two sequences have in common.
enum CommonSequence {
    /// More than this many comparisons are not made: what is between the common beginning and the
    /// common end then has nothing in common.
    private static let limit = 1 << 24

    /// The places of what both have, in order.
    static func pairs(_ left: [Int], _ right: [Int]) -> [(Int, Int)] {
        let start = zip(left, right).prefix { $0 == $1 }.count
        let shorter = min(left.count, right.count)
        var end = 0
        while end < shorter - start, left[left.count - 1 - end] == right[right.count - 1 - end] {
            end += 1
        }
        let middle = between(
            left[start..<(left.count - end)], right[start..<(right.count - end)])
        let tail = (0..<end).map { (left.count - end + $0, right.count - end + $0) }
        return (0..<start).map { ($0, $0) } + middle + tail
    }

    private static func between(_ left: ArraySlice<Int>, _ right: ArraySlice<Int>) -> [(Int, Int)] {
        guard !left.isEmpty, !right.isEmpty, left.count <= limit / right.count else { return [] }
        // lengths[i][j]: how much the rests from there on have in common; at most 4096.
        let width = right.count + 1
        var lengths = [UInt16](repeating: 0, count: (left.count + 1) * width)
        for i in left.indices.reversed() {
            let row = (i - left.startIndex) * width
            for j in right.indices.reversed() {
                let cell = row + j - right.startIndex
                lengths[cell] =
                    left[i] == right[j]
                    ? lengths[cell + width + 1] + 1 : max(lengths[cell + width], lengths[cell + 1])
            }
        }
        var result: [(Int, Int)] = []
        var (i, j) = (left.startIndex, right.startIndex)
        while i < left.endIndex, j < right.endIndex {
            let cell = (i - left.startIndex) * width + j - right.startIndex
            if left[i] == right[j] {
                result.append((i, j))
                (i, j) = (i + 1, j + 1)
            } else if lengths[cell + width] >= lengths[cell + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return result
    }
}
