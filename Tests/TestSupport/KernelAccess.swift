// SPDX-License-Identifier: Apache-2.0

import Linux

/// Whether tests may use this machine's kernel.
public enum KernelAccess {
    /// Whether this process is root and the kernel lets it make a map.
    public static let isAvailable: Bool = {
        guard Processes.currentUser == 0 else { return false }
        let array = MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1)
        do {
            _ = try BPFSystemCall.createMap(array)
            return true
        } catch {
            return false
        }
    }()
}
