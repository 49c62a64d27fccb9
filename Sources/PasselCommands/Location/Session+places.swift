import PasselCore
import PasselStore

extension Session {
    /// Whoever can write to the store can name any place: it is asked here, once.
    func agree(to targets: [LocationTarget], _ arguments: Arguments) throws {
        let register = try store.locationRegister()
        let new = targets.filter { target in
            target.location.map { !register.isAgreed($0, of: target.entry) } ?? false
        }
        guard !new.isEmpty else { return }
        try approve(
            new.map { "+ \($0.entry) to \($0.spelling)" },
            question: "Send values to these places from this machine?", arguments)
        try store.changeLocationRegister { register in
            for target in new {
                guard let location = target.location else { continue }
                register.agree(to: location, of: target.entry, at: now)
            }
        }
    }

    /// What was seen and sent, for the next time and for the security log.
    func remember(_ places: [CarriedPlace]) throws {
        let settled = places.filter(\.isSettled)
        guard !settled.isEmpty else { return }
        var drafts: [EventDraft] = []
        try store.changeLocationRegister { register in
            for place in settled {
                guard let location = place.target.location, let value = place.value else {
                    continue
                }
                register.note(value, in: location, of: place.target.entry, at: now)
                guard place.isSent else { continue }
                var draft = EventDraft(.updated, place.target.entry)
                draft.newLastFour = value.lastFour
                draft.locations = [location.spelling]
                drafts.append(draft)
            }
        }
        guard !drafts.isEmpty else { return }
        do {
            try store.record(drafts)
        } catch let problem as Problem {
            // The values are where they belong: a machine that may only read the store can push.
            warn(Problem("it is not in the security log: \(problem.message)"))
        }
    }
}
