// SPDX-License-Identifier: Apache-2.0

import Linux

/// The folder outside any source tree that keeps the kernels that guests boot, one folder a series.
public struct KernelCache: Sendable {
    /// The folder.
    public let folder: String

    /// Takes `$SKEP_KERNELS`, else `$XDG_CACHE_HOME/skep/kernels`, else `~/.cache/skep/kernels`.
    public init() {
        func variable(_ name: String) -> String? {
            Environment.variable(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        let caches = variable("XDG_CACHE_HOME") ?? (variable("HOME") ?? "/root") + "/.cache"
        self.init(folder: variable("SKEP_KERNELS") ?? caches + "/skep/kernels")
    }

    /// Takes a given folder.
    public init(folder: String) {
        self.folder = folder
    }

    /// The kernels that are there, the oldest first.
    public var kernels: [GuestKernel] {
        let names = (try? Directory.names(in: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.compactMap { GuestKernel(series: $0, folder: "\(folder)/\($0)") }
            .sorted { ($0.version, $0.series) < ($1.version, $1.series) }
    }

    /// The kernel of a series; `newest` is the newest that is there.
    public func kernel(_ series: String) -> GuestKernel? {
        if series == "newest" { return kernels.last }
        guard !series.contains("/"), !series.hasPrefix(".") else { return nil }
        return GuestKernel(series: series, folder: "\(folder)/\(series)")
    }
}
