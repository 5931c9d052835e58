// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

/// Something that a path of a bpffs keeps alive.
public struct PinnedObject: Sendable, Hashable {
    /// Where it is pinned.
    public let path: String
    /// What it is.
    public let kind: LiveObjectKind
    /// Its number.
    public let id: UInt32

    /// The most files that are looked at.
    private static let limit = 1 << 16

    /// Finds what is pinned in every bpffs that this process sees.
    ///
    /// - Returns: the objects sorted by path; what may not be opened is left out.
    /// - Complexity: O(pinned objects), a few system calls each; at most 65,536 files.
    public static func all() -> [PinnedObject] {
        guard let mounts = try? MountTable.current().mounts else { return [] }
        var found: [PinnedObject] = []
        var seen: Set<String> = []
        var files = 0
        for mount in mounts where mount.type == "bpf" && seen.insert(mount.path).inserted {
            var folders = [mount.path]
            while let folder = folders.popLast() {
                for entry in (try? Directory.entries(of: folder, limit: limit)) ?? [] {
                    let path = folder + "/" + entry.name
                    files += 1
                    guard files < limit else { return found.sorted { $0.path < $1.path } }
                    if entry.kind == .directory {
                        folders.append(path)
                    } else if entry.kind == .file, let object = try? at(path) {
                        found.append(object)
                    }
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// What is pinned at a path, or `nil` when it is something of no number, such as an iterator's file.
    static func at(_ path: String) throws(BPFError) -> PinnedObject? {
        let descriptor = try LiveObjects.open(pinned: path)
        let number = descriptor.rawValue
        // The name of the file behind the descriptor tells the kind; the structs of information differ.
        let name = (try? Files.linkTarget("/proc/self/fd/\(number)")) ?? ""
        do throws(LinuxError) {
            if name.contains("bpf-prog") {
                return PinnedObject(
                    path: path, kind: .program, id: try BPFSystemCall.programInformation(of: number).id)
            }
            if name.contains("bpf-map") {
                return PinnedObject(path: path, kind: .map, id: try BPFSystemCall.mapInformation(of: number).id)
            }
            if name.contains("bpf_link") || name.contains("bpf-link") {
                return PinnedObject(path: path, kind: .link, id: try BPFSystemCall.linkInformation(of: number).id)
            }
        } catch {
            throw BPFError.system(error, "the kernel does not describe what is pinned at \(path)")
        }
        return nil
    }

    static func kind(at path: String) throws(BPFError) -> LiveObjectKind? { try at(path)?.kind }
}

/// The kinds of object that the kernel numbers.
public enum LiveObjectKind: Sendable, Hashable, CaseIterable {
    /// A loaded program, a map, a link, types (BTF).
    case program, map, link, types
}

extension PinnedObject {
    /// Why an object could not be pinned at a path: most often the path is in no bpffs, which the kernel tells as `EPERM`.
    static func failure(_ error: LinuxError, _ what: String, at path: String) -> BPFError {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        if error.errno == .exists {
            return BPFError(.invalidArgument, "there is something at \(path) already", cause: error)
        }
        if !Files.isDirectory(folder) {
            return BPFError(.notFound, "there is no folder \(folder) to pin \(what) in", cause: error)
        }
        if !BPFFileSystem.contains(folder) {
            return BPFError(
                .invalidArgument, "\(path) is in no bpffs, so \(what) cannot be pinned there",
                hint: "mount one with `mount -t bpf bpf FOLDER`; /sys/fs/bpf often is one", cause: error)
        }
        return BPFError.system(error, "cannot pin \(what)", context: [.init("path", path)])
    }
}
