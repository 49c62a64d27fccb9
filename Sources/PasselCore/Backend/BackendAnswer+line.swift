extension BackendAnswer {
    /// The line with which a program answers the request of this number, with its end.
    public func line(_ number: Int) -> Secret {
        var members: [JSON.Member] = [.init("id", .int(Int64(number)))]
        switch self {
        case .open(let able):
            members += able.members
        case .done(let version): members += version.answer
        case .places(let places):
            members.append(
                .init(
                    "places",
                    .array(
                        places.map { location in
                            .object(
                                [.init("place", .string(location.place))]
                                    + (location.field.map { [.init("field", .string($0))] } ?? []))
                        })))
        case .content(let content):
            members += content.version.answer
            switch content.holding {
            case .nothing: members.append(.init("present", false))
            case .unreadable(let four, let updated):
                members.append(.init("present", true))
                if let four { members.append(.init("last4", .string(four))) }
                if let updated { members.append(.init("updated", .int(updated))) }
            case .value(let value):
                let line = JSON.object(members).line.bytes
                return Secret([
                    .plain(line.dropLast(2) + Array(", \"value\": \"".utf8)),
                    .secret(Base64.padded(value)), .plain(Array("\"}\n".utf8)),
                ])
            }
        }
        return JSON.object(members).line.bytes.withUnsafeBytes { Secret(copying: $0) }
    }
}

extension BackendFailure {
    /// The line with which a program says that it did not do what the request of this number asked.
    public func line(_ number: Int) -> Secret {
        var error: [JSON.Member] = [
            .init("class", .string(Text(kind.rawValue.utf8))), .init("message", .string(message)),
        ]
        if let setting { error.append(.init("setting", .string(setting))) }
        if let retryAfter { error.append(.init("retry_after", .int(Int64(retryAfter)))) }
        let line = JSON.object([
            .init("id", .int(Int64(number))), .init("error", .object(error)),
        ]).line
        return line.bytes.withUnsafeBytes { Secret(copying: $0) }
    }
}

extension PlaceVersion {
    fileprivate var answer: [JSON.Member] {
        switch self {
        case .absent: [.init("version", .null)]
        case .named(let name): [.init("version", .string(name))]
        case .unknown: []
        }
    }
}

extension BackendCapabilities {
    fileprivate var members: [JSON.Member] {
        let able: [(Bool, JSON)] = [
            (reads, "read"), (looks && !reads, "look"), (lists, "list"), (deletes, "delete"),
            (compares, "compare"),
            (ignoresCase, "ignore-case"),
        ]
        return [
            .init("protocol", .int(BackendRequest.version)),
            .init("can", .array(able.filter(\.0).map(\.1))),
        ] + (largest.map { [.init("largest", .int(Int64($0)))] } ?? [])
    }
}
