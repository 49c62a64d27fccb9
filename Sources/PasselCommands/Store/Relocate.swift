import PasselCore
import PasselPosix
import PasselStore

/// `mv` and `cp`: renames or copies an entry or a folder.
struct Relocate {
    let session: Session
    let word: Text
    let isMove: Bool

    private var usage: Text { "Usage: \(session.program) \(word) [--force,-f] old-path new-path" }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let options = try Options(
            [.init(letter: "f", name: "force"), Skip.definition], arguments,
            program: session.program, usage: usage)
        guard options.operands.count == 2 else { throw OptionProblem(usage: usage) }
        try Skip.apply(options, usage: usage, session: session)
        let (old, new) = (Path(options.operands[0]), Path(options.operands[1]))
        try EntryName.refuseSneaky(old)
        try EntryName.refuseSneaky(new)
        try EntryName.refuseUnstorable(old)
        if !new.components.isEmpty { try EntryName.refuseUnstorable(new) }
        let store = session.store
        // Printed first, even where it leads nowhere: clients of pass read it.
        session.output.line(Text(Relocation.source(old, in: store).bytes))
        let relocation = try Relocation(old, to: new, isMove: isMove, in: store)
        let folder = store.path(new)
        try store.makeFolders(new.hasTrailingSlash ? folder.withoutTrailingSlashes : folder.parent)
        // Made by now, a folder named with a slash takes the source in.
        if try relocation.replaces(in: store), !options.has("f"), Prompt.isInteractive {
            let target = QuotedName.text(
                relocation.destination.bytes, utf8: session.settings.showsUTF8)
            session.output.prompt("\(isMove ? "mv" : "cp"): overwrite \(target)? ")
            let answer = try Prompt(output: session.output).line().secret
            guard answer.withBytes({ $0.first.map { "yY".bytes.contains($0) } ?? false }) else {
                return 0
            }
        }
        try store.relocate(relocation)
        return 0
    }
}
