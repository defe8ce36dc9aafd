// A C++ client for the tests: makes the calls that it is told on its input, a line each, and tells what came of them, a line each.
// usage: client OBJECT [key=value ...]   the object with or without an endpoint; `frames` is the object of the servant with its own
//        protocol, the rest are keys of a client section, as locator
#include <atomic>
#include <iostream>
#include <sstream>
#include "Peer.h"
#include "servant/Communicator.h"

using namespace std;
using namespace tars;
using namespace Interop;

static mutex outputMutex;

static void tell(const string &line) {
    lock_guard<mutex> lock(outputMutex);
    cout << line << endl;
}

/** All fields at values that need care. */
static Everything sample() {
    Everything value;
    value.flag = true;
    value.i8 = -128;
    value.i16 = -32768;
    value.i32 = -2147483647 - 1;
    value.i64 = numeric_limits<Int64>::min();
    value.u8 = 255;
    value.u16 = 65535;
    value.u32 = 4294967295u;
    value.f32 = 1.5f;
    value.f64 = -0.1;
    value.text = "gr\xc3\xbc\xc3\x9f dich \xe6\x97\xa5\xe6\x9c\xac " + string(300, 'x');
    value.blob = {0, -1, 127, -128};
    value.ints = {0, 1, -1, 70000};
    value.texts = {"", "a", string(256, 'b')};
    value.counts = {{"one", 1}, {"two", 2}};
    Point point;
    point.x = 3;
    value.byId[-5] = {point, point};
    value.colour = BLUE;
    value.origin.label = "";
    value.path = vector<Point>(100, point);
    return value;
}

class NewsCallback : public NewsPrxCallback {
public:
    void callback_pushed(Int32 ret, Int32 number, const Everything &value) override {
        tell("pushed " + to_string(ret) + " " + to_string(number) + " " + value.text + " " + to_string(value.i64));
    }
    void onConnect(const TC_Endpoint &) override { tell("connected"); }
    void onClose() override { tell("closed"); }
};

class AddCallback : public PeerPrxCallback {
public:
    explicit AddCallback(shared_ptr<function<void(Int64)>> done) : _done(done) {}
    void callback_add(Int64 result) override { (*_done)(result); }
    void callback_add_exception(Int32 code) override { (*_done)(code); }

private:
    shared_ptr<function<void(Int64)>> _done;
};

static shared_ptr<TC_NetWorkBuffer::Buffer> encodeFrame(RequestPacket &request, TC_Transceiver *) {
    uint32_t head[] = {htonl(request.sBuffer.size() + 8), htonl(request.iRequestId)};
    auto packet = make_shared<TC_NetWorkBuffer::Buffer>();
    packet->addBuffer(reinterpret_cast<const char *>(head), sizeof head);
    packet->addBuffer(request.sBuffer);
    return packet;
}

static TC_NetWorkBuffer::PACKET_TYPE decodeFrame(TC_NetWorkBuffer &in, ResponsePacket &response) {
    if (in.getBufferLength() < 8) return TC_NetWorkBuffer::PACKET_LESS;
    string head;
    in.getHeader(8, head);
    uint32_t fields[2];
    memcpy(fields, head.data(), 8);
    uint32_t length = ntohl(fields[0]);
    if (length < 8 || length > 1000000) return TC_NetWorkBuffer::PACKET_ERR;
    if (in.getBufferLength() < length) return TC_NetWorkBuffer::PACKET_LESS;
    in.moveHeader(8);
    response.iRequestId = ntohl(fields[1]);
    in.getHeader(length - 8, response.sBuffer);
    in.moveHeader(length - 8);
    return TC_NetWorkBuffer::PACKET_FULL;
}

class FrameCallback : public ServantProxyCallback {
public:
    int onDispatch(ReqMessagePtr message) override {
        const vector<char> &body = message->response->sBuffer;
        tell("frame " + to_string(message->response->iRequestId) + " " + string(body.begin(), body.end()));
        return 0;
    }
};

static ServantPrx framesProxy(Communicator &communicator, const string &object) {
    ServantPrx prx = communicator.stringToProxy<ServantPrx>(object);
    ProxyProtocol protocol;
    protocol.requestFunc = encodeFrame;
    protocol.responseFunc = decodeFrame;
    prx->tars_set_protocol(protocol);
    prx->tars_set_push_callback(new FrameCallback());
    return prx;
}

static string run(PeerPrx prx, ServantPrx frames, istringstream &words) {
    string command;
    words >> command;
    ostringstream out;
    if (command == "echo") {
        Everything value = sample(), copy;
        Everything result = prx->echo(value, copy);
        out << (result == value && copy == value ? "same" : "different");
    } else if (command == "big") {
        size_t size;
        words >> size;
        Everything value, copy;
        value.text = string(size, 'y');
        prx->echo(value, copy);
        out << copy.text.size();
    } else if (command == "add") {
        Int64 a, b;
        words >> a >> b;
        out << prx->add(a, b);
    } else if (command == "many") {
        int count;
        words >> count;
        auto sum = make_shared<atomic<Int64>>(0);
        auto answered = make_shared<atomic<int>>(0);
        for (int i = 0; i < count; i++) {
            auto done = make_shared<function<void(Int64)>>([=](Int64 result) {
                *sum += result == i + 1 ? 1 : 0;
                ++*answered;
            });
            prx->async_add(new AddCallback(done), i, 1);
        }
        while (*answered < count) this_thread::sleep_for(chrono::milliseconds(1));
        out << *sum;
    } else if (command == "note") {
        string text;
        words >> text;
        prx->async_note(NULL, text);
        out << "sent";
    } else if (command == "notes") {
        for (const string &text : prx->notes()) out << text << " ";
    } else if (command == "contexts") {
        map<string, string> context, response;
        string pair;
        while (words >> pair) context[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
        for (const auto &entry : prx->contexts(context, &response)) out << entry.first << "=" << entry.second << " ";
        for (const auto &entry : response) out << "< " << entry.first << "=" << entry.second;
    } else if (command == "fail") {
        Int32 code;
        string why;
        words >> code;
        getline(words >> ws, why);
        prx->fail(code, why);
        out << "did not fail";
    } else if (command == "later") {
        Int32 ms;
        words >> ms;
        out << prx->later(ms);
    } else if (command == "timeout") {
        int ms;
        words >> ms;
        prx->tars_timeout(ms);
        out << ms;
    } else if (command == "ping") {
        prx->tars_ping();
        out << "pong";
    } else if (command == "port") {
        out << prx->port();
    } else if (command == "hash") {
        Int64 key;
        words >> key;
        out << prx->tars_hash(key)->port();
    } else if (command == "unknown") {
        prx->tars_invoke(TARSNORMAL, "noSuchFunction", vector<char>(), {}, {});
        out << "was answered";
    } else if (command == "frame") {
        string text;
        words >> text;
        ResponsePacket response;
        frames->rpc_call(frames->tars_gen_requestid(), "echo", text.data(), text.size(), response);
        out << string(response.sBuffer.begin(), response.sBuffer.end());
    } else if (command == "subscribe") {
        Int32 count;
        words >> count;
        prx->tars_set_push_callback(new NewsCallback());
        prx->subscribe(count);
        out << "subscribed";
    } else {
        out << "no such command: " << command;
    }
    return out.str();
}

int main(int argc, char *argv[]) {
    Communicator communicator;
    string framesObject, section;
    for (int i = 2; i < argc; i++) {
        string pair = argv[i];
        if (pair.substr(0, 7) == "frames=") framesObject = pair.substr(7);
        else section += pair + "\n";
    }
    // From a configuration, because TarsCpp takes certificates from nowhere else.
    TC_Config config;
    config.parseString("<tars>\n<application>\n<client>\n" + section + "</client>\n</application>\n</tars>\n");
    communicator.setProperty(config);
    PeerPrx prx = communicator.stringToProxy<PeerPrx>(string(argv[1]));
    ServantPrx frames = framesObject.empty() ? ServantPrx() : framesProxy(communicator, framesObject);
    tell("ready");
    string line;
    while (getline(cin, line)) {
        istringstream words(line);
        try {
            tell("= " + run(prx, frames, words));
        } catch (const exception &error) {
            tell("! " + string(error.what()));
        }
    }
    return 0;
}
