extension GeneratedHistory {
    /// Begins a side branch, merges it, or leaves it unmerged.
    mutating func branch() throws {
        guard let name = side else {
            guard var new = branches["main"] else { return }
            (new.baseFiles, new.baseLists, new.start) = (new.files, new.lists, new.commit)
            current = "side\(commits)"
            branches[current] = new
            side = current
            return try edit()
        }
        side = nil
        current = "main"
        guard random.chance(80) else {
            if branches[name]?.commit != branches[name]?.start { abandoned.append(name) }
            return
        }
        try merge(name)
    }

    /// Brings a side branch into the main one as a careful person does, entry by entry.
    private mutating func merge(_ name: String) throws {
        guard let theirs = branches[name], var result = branches["main"] else { return }
        let ours = result
        for (folder, readers) in theirs.lists where theirs.baseLists[folder] != readers {
            result.lists[folder] = readers
        }
        branches["main"] = result
        for (path, node) in theirs.files.sorted(by: { $0.key < $1.key }) {
            guard let origin = Self.origin(of: node, in: theirs.baseFiles) else {
                Self.put(node, at: path, in: &result)
                continue
            }
            if origin.node === node { continue }
            let family = origin.node.descendants
            let place = ours.files.filter { family.contains(ObjectIdentifier($0.value)) }.keys
                .sorted().min { ($0 != origin.path ? 1 : 0) < ($1 != origin.path ? 1 : 0) }
            guard let place, let own = result.files[place] else {
                // Removed here, changed there.
                Self.put(node, at: path, in: &result)
                continue
            }
            let isMovedThere =
                theirs.files[origin.path].map {
                    !family.contains(ObjectIdentifier($0))
                } ?? true
            if own === origin.node {
                guard path == place || result.files[path] == nil else {
                    Self.put(node, at: path, in: &result)
                    continue
                }
                if isMovedThere { result.files[place] = nil }
                result.put(node, at: path)
            } else if path == place {
                node.next.append(own)
            } else if path == origin.path {
                // Moved here, changed there.
                let merged = try message(for: place)
                node.next.append(merged)
                own.next.append(merged)
                result.put(merged, at: place)
            } else if place == origin.path, isMovedThere, result.files[path] == nil {
                let merged = try message(for: path)
                node.next.append(merged)
                own.next.append(merged)
                result.files[place] = nil
                result.put(merged, at: path)
            } else {
                Self.put(node, at: path, in: &result)
            }
        }
        for (path, node) in theirs.baseFiles where ours.files[path] === node {
            let family = node.descendants
            let isKept = theirs.files.values.contains { family.contains(ObjectIdentifier($0)) }
            if !isKept, result.files[path] === node { result.files[path] = nil }
        }
        for (path, ghosts) in theirs.ghosts {
            for ghost in ghosts {
                if let there = result.files[path] {
                    if there !== ghost { ghost.next.append(there) }
                } else if result.ghosts[path]?.contains(where: { $0 === ghost }) != true {
                    result.ghosts[path, default: []].append(ghost)
                }
            }
        }
        branches["main"] = result
        commit("Merge branch '\(name)'", merging: theirs.commit)
    }

    /// Puts a version where nothing is; what is there already goes on under that name.
    private static func put(_ node: Node, at path: String, in branch: inout Branch) {
        if let there = branch.files[path] {
            if there !== node { node.next.append(there) }
        } else {
            branch.put(node, at: path)
        }
    }

    /// The entry of the base that a version came of.
    private static func origin(
        of node: Node, in base: [String: Node]
    ) -> (path: String, node: Node)? {
        for (path, start) in base.sorted(by: { $0.key < $1.key })
        where start.descendants.contains(ObjectIdentifier(node)) {
            return (path, start)
        }
        return nil
    }
}
