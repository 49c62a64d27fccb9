/// Counts the steps of long work, from whatever thread they are done on.
public protocol StepCounter: Sendable {
    /// So many more steps are done.
    func advance(by steps: Int)
    /// The work is over, done or not.
    func end()
}
