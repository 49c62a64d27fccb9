import CCurl
import Glibc
import PasselCore

/// Lines of a head as libcurl takes them; wiped at the end.
final class HeaderLines {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [Secret]) {
        for line in lines {
            line.withText { text in
                if let longer = curl_slist_append(list, text) { list = longer }
            }
        }
    }

    deinit {
        var next = list
        while let line = next {
            if let text = line.pointee.data {
                wipe(UnsafeMutableRawBufferPointer(start: text, count: strlen(text)))
            }
            next = line.pointee.next
        }
        curl_slist_free_all(list)
    }
}

extension Secret {
    /// Calls `body` with the bytes and a zero behind them, wiped afterwards.
    func withText<R>(_ body: (UnsafePointer<CChar>?) -> R) -> R {
        Secret([.secret(self), .plain([0])]).withBytes { bytes in
            body(bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
    }
}
