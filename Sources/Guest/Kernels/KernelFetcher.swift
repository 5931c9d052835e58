// SPDX-License-Identifier: Apache-2.0

import Linux

/// Brings kernels from a Debian mirror into the cache.
///
/// ```swift
/// let fetcher = try KernelFetcher(cache: KernelCache(), mirror: try .find(), lock: nil) { print($0) }
/// let results = try fetcher.fetch(["5.10", "6.1"])
/// ```
public final class KernelFetcher {
    private let cache: KernelCache
    private let mirror: DebianMirror
    private var lock: KernelLock?
    private let say: (String) -> Void
    private let guardian: FileLock
    private var offers: [KernelOffer]?

    /// What became of one kernel.
    public struct Result: Sendable, Hashable {
        /// What was asked for.
        public let series: String
        /// The kernel in the cache; nil when it cannot be had.
        public let kernel: GuestKernel?
        /// Why it cannot be had, or what is worth knowing about it.
        public let note: String?
    }

    /// Prepares for fetching; nothing is fetched yet.
    ///
    /// - Parameters:
    ///   - lock: the exact kernels to take where it names them.
    ///   - say: is told what takes time.
    /// - Throws: ``GuestError`` when another process fetches into the same cache, or the cache cannot be written to.
    public init(
        cache: KernelCache, mirror: DebianMirror, lock: KernelLock? = nil, say: @escaping (String) -> Void
    ) throws(GuestError) {
        self.cache = cache
        self.mirror = mirror
        self.lock = lock
        self.say = say
        do throws(LinuxError) {
            try Files.makeFolders(cache.folder)
            guard let taken = try FileLock.take(cache.folder + "/.lock") else {
                throw LinuxError(.busy, call: "flock", explanation: "another process is fetching kernels")
            }
            guardian = taken
            // We alone fetch, so what a killed fetch left behind is nobody's.
            for name in try Directory.names(in: cache.folder) where name.hasPrefix(Self.partial) {
                try Directory.removeTree("\(cache.folder)/\(name)")
            }
        } catch {
            throw GuestError(.system, "cannot fetch kernels into \(cache.folder)", cause: error)
        }
    }

    private static let partial = ".partial-"

    /// Fetches kernels that are not in the cache.
    ///
    /// - Parameters:
    ///   - series: series, versions or releases; `newest` for the newest, `all` for one of every series from 5.10 on.
    ///   - updates: whether those in the cache are replaced by newer ones, and the lock is written anew.
    public func fetch(_ series: [String], updates: Bool = false) throws(GuestError) -> [Result] {
        var results: [Result] = []
        for name in try resolved(series) { results.append(try fetch(one: name, updates)) }
        return results
    }

    /// The kernels that the mirror offers, the oldest first.
    public func offered() throws(GuestError) -> [KernelOffer] {
        if let offers { return offers }
        let archive = try archive()
        say("asking \(mirror.archive) which kernels it has")
        let complaints = try archive.update()
        let found = KernelOffer.all(of: try archive.packages()).filter { $0.version >= "5.10" }
        if found.isEmpty {
            throw GuestError(
                .unavailable, "\(mirror.archive) offers no kernels", hint: "give another mirror with --mirror",
                detail: complaints.joined(separator: "\n"))
        }
        for line in complaints where !line.contains("does not have a Release file") { say(line) }
        offers = found
        return found
    }

    /// One offer of every series, the best of each.
    public func bestOffers() throws(GuestError) -> [KernelOffer] {
        let offers = try offered()
        var names: [String] = []
        for offer in offers where !names.contains(offer.series) { names.append(offer.series) }
        return names.compactMap { KernelOffer.best(for: $0, among: offers) }
    }

    /// The lock with the kernels that were fetched.
    public var updatedLock: KernelLock { lock ?? KernelLock() }

    private func archive() throws(GuestError) -> PackageArchive {
        try PackageArchive(folder: cache.folder + "/.apt", mirror: mirror)
    }

    private func resolved(_ series: [String]) throws(GuestError) -> [String] {
        var names: [String] = []
        for name in series {
            switch name {
            case "all": names += try bestOffers().map(\.series)
            // Candidates of the next version come and go; the newest is the newest that was released.
            case "newest": names += try bestOffers().last { !$0.isCandidate }.map { [$0.series] } ?? []
            default:
                guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
                    throw GuestError(.usage, "'\(name)' is not a kernel", hint: "give a series such as 6.1")
                }
                names.append(name)
            }
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private func fetch(one series: String, _ updates: Bool) throws(GuestError) -> Result {
        let present = cache.kernel(series)
        let locked = updates ? nil : lock?[series]
        if let present, !updates {
            guard let locked, !isSame(locked.packages, present.packages) else {
                return Result(series: series, kernel: present, note: nil)
            }
        }
        let offers = try offered()
        var note: String?
        var chosen = KernelOffer.best(for: series, among: offers)
        if let locked {
            if let offer = offers.first(where: { $0.release == locked.release && isSame($0.packages, locked.packages) })
            {
                chosen = offer
            } else {
                note = "the lock is stale: the mirror no longer has \(locked.release)"
            }
        }
        guard let chosen else {
            let reason = "the mirror offers no kernel \(series)"
            return Result(
                series: series, kernel: present, note: [note, reason].compactMap(\.self).joined(separator: "; "))
        }
        if !chosen.hasModules {
            note = [note, "the mirror no longer has the modules of \(chosen.release)"].compactMap(\.self)
                .joined(separator: "; ")
        }
        if let present, isSame(present.packages, chosen.packages) {
            if updates { record(series, chosen) }
            return Result(series: series, kernel: present, note: note)
        }
        do throws(GuestError) {
            let kernel = try fetch(chosen, as: series)
            if updates { record(series, chosen) }
            return Result(series: series, kernel: kernel, note: note)
        } catch {
            guard error.code == .unavailable else { throw error }
            return Result(series: series, kernel: present, note: error.message)
        }
    }

    private func record(_ series: String, _ offer: KernelOffer) {
        if lock == nil { lock = KernelLock() }
        lock?.set(series, offer.release, offer.packages)
    }

    private func isSame(_ packages: [KernelPackage], _ others: [KernelPackage]) -> Bool {
        packages.count == others.count && zip(packages, others).allSatisfy { $0.isSame(as: $1) }
    }

    private func fetch(_ offer: KernelOffer, as series: String) throws(GuestError) -> GuestKernel {
        say("fetching Linux \(offer.release) (\((offer.size + 500_000) / 1_000_000) MB)")
        let work = "\(cache.folder)/\(Self.partial)\(Processes.current)"
        let place = "\(cache.folder)/\(series)"
        defer { try? Directory.removeTree(work) }
        do throws(LinuxError) {
            for name in ["packages", "tree", "kernel"] { try Files.makeFolders("\(work)/\(name)") }
        } catch {
            throw GuestError(.system, "the folder \(work) cannot be made", cause: error)
        }
        let files = try archive().download(offer.packages, into: work + "/packages")
        try KernelUnpacker(packages: files, folder: work + "/tree").write(to: work + "/kernel")
        do throws(LinuxError) {
            let lines = offer.packages.map { $0.line + "\n" }.joined()
            try Files.write(Array(lines.utf8), to: work + "/kernel/packages")
            let version = "\(offer.version.major).\(offer.version.minor).\(offer.version.patch)\n"
            try Files.write(Array(version.utf8), to: work + "/kernel/version")
            try Files.write(Array("\(offer.release)\n".utf8), to: work + "/kernel/release")
            try Directory.removeTree(place)
            try Files.rename(work + "/kernel", to: place)
        } catch {
            throw GuestError(.system, "the kernel cannot be put into the cache", cause: error)
        }
        guard let kernel = GuestKernel(series: series, folder: place) else {
            throw GuestError(.system, "the kernel in \(place) is not complete")
        }
        return kernel
    }
}
