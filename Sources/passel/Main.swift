import PasselCommands

@main
struct Main {
    static func main() {
        Passel.main()
    }
}
