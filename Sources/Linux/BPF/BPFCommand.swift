// SPDX-License-Identifier: Apache-2.0

/// The commands of bpf(2): `enum bpf_cmd` of `include/uapi/linux/bpf.h`, Linux 7.0.
public enum BPFCommand: Int32, Sendable, CaseIterable {
    /// The command of the C name `BPF_MAP_CREATE`; the others are named alike.
    case createMap = 0
    case lookupElement, updateElement, deleteElement, nextKey
    case loadProgram, pinObject, openPinned, attachProgram, detachProgram, testRun
    case nextProgram, nextMap, openProgram, openMap, information, query, openRawTracepoint
    case loadBTF, openBTF, queryTaskDescriptor
    case lookupAndDeleteElement, freezeMap, nextBTF
    case lookupBatch, lookupAndDeleteBatch, updateBatch, deleteBatch
    case createLink, updateLink, openLink, nextLink
    case enableStatistics, createIterator, detachLink, bindMap, createToken, readStream
    case associateStructOps

    /// The name in C, such as `BPF_MAP_CREATE`.
    public var kernelName: String {
        "BPF_" + Self.names[Int(rawValue)]
    }

    private static let names = [
        "MAP_CREATE", "MAP_LOOKUP_ELEM", "MAP_UPDATE_ELEM", "MAP_DELETE_ELEM", "MAP_GET_NEXT_KEY",
        "PROG_LOAD", "OBJ_PIN", "OBJ_GET", "PROG_ATTACH", "PROG_DETACH", "PROG_TEST_RUN",
        "PROG_GET_NEXT_ID", "MAP_GET_NEXT_ID", "PROG_GET_FD_BY_ID", "MAP_GET_FD_BY_ID", "OBJ_GET_INFO_BY_FD",
        "PROG_QUERY", "RAW_TRACEPOINT_OPEN", "BTF_LOAD", "BTF_GET_FD_BY_ID", "TASK_FD_QUERY",
        "MAP_LOOKUP_AND_DELETE_ELEM", "MAP_FREEZE", "BTF_GET_NEXT_ID",
        "MAP_LOOKUP_BATCH", "MAP_LOOKUP_AND_DELETE_BATCH", "MAP_UPDATE_BATCH", "MAP_DELETE_BATCH",
        "LINK_CREATE", "LINK_UPDATE", "LINK_GET_FD_BY_ID", "LINK_GET_NEXT_ID",
        "ENABLE_STATS", "ITER_CREATE", "LINK_DETACH", "PROG_BIND_MAP", "TOKEN_CREATE", "PROG_STREAM_READ_BY_FD",
        "PROG_ASSOC_STRUCT_OPS",
    ]
}
