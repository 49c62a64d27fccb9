/// The JSON file with the key of a Google service account.
enum ServiceAccount {
    static func isOne(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let json = JSONPlaces(bytes) else { return false }
        return json.text(json["type"]) == "service_account"
    }

    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        guard let json = JSONPlaces(bytes) else { return }
        finding.claim("project", json.text(json["project_id"]))
        finding.claim("key-id", json.text(json["private_key_id"]))
        finding.claim("email", json.text(json["client_email"]))
        // The key's own text is looked at nowhere else than in this memory.
        guard case .string = json["private_key"] else { return finding.setMistyped() }
    }
}
