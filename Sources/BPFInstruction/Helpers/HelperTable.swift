// SPDX-License-Identifier: Apache-2.0

/// All helpers of the kernel; the last one came with Linux 6.2, later kernels offer kernel functions instead.
///
/// ```swift
/// let name = HelperTable.helper(id: 1)?.name  // bpf_map_lookup_elem
/// ```
///
/// - Note: `enum bpf_func_id` and the function descriptions in `include/uapi/linux/bpf.h`.
public enum HelperTable {
    /// Every helper, by id, starting with id 1.
    public static let all: [Helper] = entries.enumerated().map { index, entry in
        Helper(
            id: Int32(truncatingIfNeeded: index + 1), name: entry.name,
            since: KernelRelease(entry.since.0, entry.since.1), resultType: entry.result,
            parameters: entry.parameters.map { HelperParameter(type: $0.0, name: $0.1) },
            isVariadic: entry.isVariadic)
    }

    /// The helper with an id, or `nil`.
    public static func helper(id: Int32) -> Helper? {
        guard id >= 1, id <= all.count else { return nil }
        return all[Int(id) - 1]
    }

    /// The helper with a name, with or without `bpf_` in front, or `nil`.
    public static func helper(named name: String) -> Helper? {
        byName[name] ?? byName["bpf_" + name]
    }

    private static let byName: [String: Helper] = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// A row of the generated table.
    struct Entry {
        let name: String
        let since: (Int, Int)
        let result: String
        let parameters: [(String, String)]
        let isVariadic: Bool

        init(
            _ name: String, _ since: (Int, Int), _ result: String, _ parameters: [(String, String)],
            isVariadic: Bool = false
        ) {
            self.name = name
            self.since = since
            self.result = result
            self.parameters = parameters
            self.isVariadic = isVariadic
        }
    }
}
