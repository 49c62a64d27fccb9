import PasselCore
import PasselPosix
import PasselStore

/// Whether there is an entry, for the messages that pass-otp has for the case.
enum OTPFile {
    static func exists(_ name: Path, _ session: Session) -> Bool {
        FileStatus.isFile(session.store.file(name))
    }
}
