// SPDX-License-Identifier: Apache-2.0

/// What a run is attached to that is named by words, since it lives in the kernel or in the service's own object: each
/// word is looked up when the service is loaded.
public struct LiveTargets: Sendable {
    /// The map that iterators go over: one of the service's, a number, a name, or a path.
    public var iteratedMap: String?
    /// The maps of sockets: for one program, or for all where the program is `nil`.
    public var socketMaps: [(program: String?, map: String)] = []
    /// The loaded program that `freplace` programs change and `fentry` and `fexit` programs watch: a number, name or path.
    public var program: String?
    /// The function of ``program``, where sections do not name it.
    public var function: String?
    /// The process and its descriptor of the socket that `sk_reuseport` and `socket` programs are attached to.
    public var socket: (process: Int32, descriptor: Int32)?
    /// The program that tc, netkit and cgroup programs run before or after.
    public var neighbour: (isBefore: Bool, word: String)?
    /// Loaded maps that are used instead of the service's own, by their names.
    public var replacedMaps: [(name: String, map: String)] = []

    /// Names nothing.
    public init() {}
}
