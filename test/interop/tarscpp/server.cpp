// A C++ server for the tests: the servant Peer over TARS, and one with a protocol of its own that echoes and pushes.
// usage: server --config=FILE
#include <iostream>
#include <thread>
#include "Peer.h"
#include "servant/Application.h"

using namespace std;
using namespace tars;

class PeerImp : public Interop::Peer {
public:
    void initialize() override {}
    void destroy() override {}

    Interop::Everything echo(const Interop::Everything &value, Interop::Everything &copy, CurrentPtr) override {
        copy = value;
        return value;
    }

    Int64 add(Int64 a, Int64 b, CurrentPtr) override { return a + b; }

    void note(const string &text, CurrentPtr) override {
        lock_guard<mutex> lock(_mutex);
        _notes.push_back(text);
    }

    vector<string> notes(CurrentPtr) override {
        lock_guard<mutex> lock(_mutex);
        return _notes;
    }

    map<string, string> contexts(CurrentPtr current) override {
        current->setResponseContext({{"answered", "yes"}});
        return current->getContext();
    }

    void fail(Int32 code, const string &why, CurrentPtr current) override {
        if (code == 0) throw runtime_error(why);
        current->setResponse(false);
        ResponsePacket response;
        current->sendResponse(code, response, {}, why);
    }

    Int32 later(Int32 ms, CurrentPtr current) override {
        current->setResponse(false);
        if (ms < 0) return 0;
        thread([=] {
            this_thread::sleep_for(chrono::milliseconds(ms));
            Interop::Peer::async_response_later(current, ms);
        }).detach();
        return 0;
    }

    Int32 port(CurrentPtr current) override { return current->getBindAdapter()->getEndpoint().getPort(); }

    void subscribe(Int32 count, CurrentPtr current) override {
        thread([=] {
            for (Int32 i = 1; i <= count; i++) {
                Interop::Everything value;
                value.text = "push " + to_string(i);
                value.i64 = -i;
                Interop::News::async_response_push_pushed(current, 0, i, value);
            }
        }).detach();
    }

private:
    mutex _mutex;
    static vector<string> _notes;
};

vector<string> PeerImp::_notes;

// Packets of | length: uint32, counts itself | id: uint32 | bytes |: each is sent back, and then pushed with the id 0.
class FramesImp : public Servant {
public:
    void initialize() override {}
    void destroy() override {}

    int doRequest(CurrentPtr current, vector<char> &response) override {
        response = current->getRequestBuffer();
        vector<char> push = response;
        fill(push.begin() + 4, push.begin() + 8, 0);
        thread([=] { current->sendResponse(push.data(), push.size()); }).detach();
        return 0;
    }

    int doClose(CurrentPtr current) override {
        cout << "closed " << current->getCloseType() << endl;
        return 0;
    }
};

static TC_NetWorkBuffer::PACKET_TYPE wholeFrame(TC_NetWorkBuffer &in, vector<char> &out) {
    if (in.getBufferLength() < 4) return TC_NetWorkBuffer::PACKET_LESS;
    vector<char> head;
    in.getHeader(4, head);
    uint32_t length = 0;
    for (char byte : head) length = length << 8 | static_cast<unsigned char>(byte);
    if (length < 8 || length > 1000000) return TC_NetWorkBuffer::PACKET_ERR;
    if (in.getBufferLength() < length) return TC_NetWorkBuffer::PACKET_LESS;
    in.getHeader(length, out);
    in.moveHeader(length);
    return TC_NetWorkBuffer::PACKET_FULL;
}

class PeerServer : public Application {
public:
    void initialize() override {
        addServant<PeerImp>("Interop.CppServer.PeerObj");
        addServant<PeerImp>("Interop.CppServer.DatagramObj");
        // Only where the configuration has an adapter for it.
        vector<string> adapters = getConfig().getDomainVector("/tars/application/server");
        if (find(adapters.begin(), adapters.end(), "TlsAdapter") != adapters.end()) {
            addServant<PeerImp>("Interop.CppServer.TlsObj");
        }
        addServant<FramesImp>("Interop.CppServer.FramesObj");
        addServantProtocol("Interop.CppServer.FramesObj", wholeFrame);
    }
    void destroyApp() override {}
};

int main(int argc, char *argv[]) {
    try {
        PeerServer server;
        server.main(argc, argv);
        cout << "ready" << endl;
        server.waitForShutdown();
        return 0;
    } catch (const exception &error) {
        cerr << "failed: " << error.what() << endl;
        return 1;
    }
}
