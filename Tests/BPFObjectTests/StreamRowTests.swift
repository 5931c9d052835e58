// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import ELF
import TestSupport
import Testing

@Suite("Rows of streams are found in sources without annotations")
struct StreamRowTests {
    private func annotated(_ source: String) throws -> ObjectSpec {
        let bytes = try CompiledC.object(source)
        var spec = try ObjectSpec(bytes, name: "rows")
        try spec.annotate(file: try ELFFile(bytes))
        return spec
    }

    private func row(of map: String, in spec: ObjectSpec) throws -> BTFComposite {
        let types = try #require(spec.types)
        let stream = try #require(spec.streams.first { $0.map == map })
        let type = try #require(stream.rows.first?.type)
        guard case .structure(let composite) = try types.type(try types.resolve(type)) else {
            throw BTFFailure()
        }
        return composite
    }

    private struct BTFFailure: Error {}

    private static let sockets = """
        struct sock_common { u16 skc_dport; u16 skc_num; } __preserve;
        struct sock { struct sock_common __sk_common; } __preserve;
        struct event { u32 pid; u16 dport; u16 lport; };
        struct { __uint(type, 27); __uint(max_entries, 4096); } events SEC(".maps");
        """

    @Test("a port that is copied from a socket as it is keeps the network's byte order")
    func rawPort() throws {
        let spec = try annotated(
            Self.sockets + """
                SEC("tp_btf/tcp_probe") int probe(u64 *ctx) {
                    struct sock *socket = (struct sock *) ctx[0];
                    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
                    if (!event) return 0;
                    event->pid = 1;
                    event->dport = socket->__sk_common.skc_dport;
                    event->lport = socket->__sk_common.skc_num;
                    bpf_ringbuf_submit(event, 0);
                    return 0;
                }
                """)
        let members = try row(of: "events", in: spec).members
        let names = try members.map { try spec.types?.name($0.type) }
        #expect(members.map(\.name) == ["pid", "dport", "lport"])
        #expect(names == ["u32", "__be16", "u16"])
    }

    @Test("a port that the program swaps is left alone")
    func swappedPort() throws {
        let spec = try annotated(
            Self.sockets + """
                SEC("tp_btf/tcp_probe") int probe(u64 *ctx) {
                    struct sock *socket = (struct sock *) ctx[0];
                    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
                    if (!event) return 0;
                    event->dport = __builtin_bswap16(socket->__sk_common.skc_dport);
                    bpf_ringbuf_submit(event, 0);
                    return 0;
                }
                """)
        let members = try row(of: "events", in: spec).members
        #expect(try members.map { try spec.types?.name($0.type) } == ["u32", "u16", "u16"])
    }

    @Test("what is written first into a record of any length tells the record's type")
    func dynamicRecord() throws {
        let spec = try annotated(
            """
            struct bpf_dynptr { u64 opaque[2]; };
            static long (*reserve)(void *, u32, u64, struct bpf_dynptr *) = (void *) 198;
            static void (*submit)(struct bpf_dynptr *, u64) = (void *) 199;
            static long (*write)(struct bpf_dynptr *, u64, void *, u64, u64) = (void *) 202;
            struct header { u64 time_ns; u32 length; u32 pid; };
            struct { __uint(type, 27); __uint(max_entries, 4096); } events SEC(".maps");
            SEC("xdp") int packet(u32 *ctx) {
                struct header header = {};
                struct bpf_dynptr record;
                header.time_ns = bpf_ktime_get_ns();
                header.length = ctx[0];
                reserve(&events, sizeof(header) + ctx[1], 0, &record);
                write(&record, 0, &header, sizeof(header), 0);
                submit(&record, 0);
                return 2;
            }
            """)
        #expect(try row(of: "events", in: spec).name == "header")
    }
}
