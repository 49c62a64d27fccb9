import CPosix
import Glibc

/// The variables that a program was started with, as bytes.
public struct ProcessEnvironment: Sendable {
    private var variables: [(name: [UInt8], value: [UInt8])]

    /// The variables of this process.
    public static var current: ProcessEnvironment {
        var variables: [(name: [UInt8], value: [UInt8])] = []
        var next = passel_environment()
        while let entry = next?.pointee {
            let bytes = UnsafeRawBufferPointer(start: entry, count: strlen(entry))
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                variables.append((Array(bytes[..<equals]), Array(bytes[(equals + 1)...])))
            }
            next = next?.advanced(by: 1)
        }
        return ProcessEnvironment(variables: variables)
    }

    /// The value of a variable; setting nothing removes it.
    public subscript(name: String) -> [UInt8]? {
        get { variables.last { $0.name.elementsEqual(name.utf8) }?.value }
        set {
            variables.removeAll { $0.name.elementsEqual(name.utf8) }
            if let newValue { variables.append((Array(name.utf8), newValue)) }
        }
    }

    /// Those of the variables whose names `isWanted`.
    public func filtered(_ isWanted: ([UInt8]) -> Bool) -> ProcessEnvironment {
        ProcessEnvironment(variables: variables.filter { isWanted($0.name) })
    }

    /// `NAME=VALUE` for each variable, as execve takes them.
    public var entries: [[UInt8]] {
        variables.map { $0.name + [UInt8(ascii: "=")] + $0.value }
    }
}
