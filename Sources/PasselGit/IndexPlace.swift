import Glibc
import PasselCore

/// A folder with files in the index, directly or below.
struct IndexPlace: Sendable {
    /// Empty for the top, else with a slash at its end.
    let folder: [UInt8]
    /// The numbers of the entries directly in it, in the order of their names: mostly they follow
    /// each other.
    private(set) var runs: [Range<Int>] = []
    var entries: [Int] { runs.flatMap(Array.init) }
    /// The names of the folders in it, in the order of the index: as if each ended with a slash.
    var folders: [[UInt8]] = []

    fileprivate mutating func add(_ number: Int) {
        if let last = runs.last, last.upperBound == number {
            runs[runs.count - 1] = last.lowerBound..<(number + 1)
        } else {
            runs.append(number..<(number + 1))
        }
    }

    /// Whether the index has a folder of this name in it.
    func hasFolder(_ name: [UInt8]) -> Bool {
        var (low, high) = (0, folders.count)
        while low < high {
            let middle = (low + high) / 2
            let order = Self.order(folders[middle], name)
            if order == 0 { return true }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return false
    }

    private static func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] {
            return Int(left[index]) - Int(right[index])
        }
        let next = (
            left.count > shared ? left[shared] : .slash,
            right.count > shared ? right[shared] : .slash
        )
        return Int(next.0) - Int(next.1)
    }
}

extension IndexFile {
    /// The folders, each after the one that it lies in, in the order of their names.
    ///
    /// - Throws: `Unknown` where the names are in no order.
    func places() throws -> [IndexPlace] {
        var places = [IndexPlace(folder: [])]
        // The numbers of the folder of the entry before, and of those that it lies in.
        var chain = [0]
        try bytes.withUnsafeBytes { bytes in
            for (number, entry) in entries.enumerated() {
                var end = entry.name.upperBound
                while end > entry.name.lowerBound, bytes[end - 1] != .slash { end -= 1 }
                let folder = UnsafeRawBufferPointer(rebasing: bytes[entry.name.lowerBound..<end])
                func isIn(_ place: IndexPlace) -> Bool {
                    let length = place.folder.count
                    return length == 0
                        || length <= folder.count
                            && folder[length - 1] == .slash
                            && place.folder.withUnsafeBytes { place in
                                guard let here = place.baseAddress, let there = folder.baseAddress
                                else { return false }
                                return memcmp(here, there, length) == 0
                            }
                }
                while !isIn(places[chain[chain.count - 1]]) { chain.removeLast() }
                var known = places[chain[chain.count - 1]].folder.count
                while known < folder.count {
                    let start = known
                    while folder[known] != .slash { known += 1 }
                    let next = IndexPlace(folder: Array(folder[...known]))
                    guard places[places.count - 1].folder.precedes(next.folder) else {
                        throw Unknown()
                    }
                    places[chain[chain.count - 1]].folders.append(Array(folder[start..<known]))
                    known += 1
                    chain.append(places.count)
                    places.append(next)
                }
                places[chain[chain.count - 1]].add(number)
            }
        }
        return places
    }
}
