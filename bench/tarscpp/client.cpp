// The C++ client of the figure `tarscpp`; does what load/tars-calls.ts does. Each line of its input is answered by one:
// `begin PORT IN_FLIGHT`, `count` by the calls that were answered, `end` when none is under way any more.
#include <atomic>
#include <iostream>
#include <sstream>
#include <thread>
#include "NodeTars.h"
#include "servant/Communicator.h"

using namespace std;
using namespace tars;

static atomic<bool> isRunning{false};
static atomic<long> answered{0};
static atomic<long> underWay{0};
static Bench::NodeTarsPrx prx;

/** Calls again with each answer. */
class Loop : public Bench::NodeTarsPrxCallback {
public:
    explicit Loop(const string &name) : _name(name) {}

    void call() { prx->async_getUsrName(this, _name); }

    void callback_getUsrName(Int32 ret, const string &sValue1, const string &) override {
        if (ret != 7 || sValue1 != _name) {
            cerr << "the answer is not that of the request" << endl;
            exit(1);
        }
        answered++;
        if (isRunning) call();
        else underWay--;
    }

    void callback_getUsrName_exception(Int32 code) override {
        cerr << "a call failed with " << code << endl;
        exit(1);
    }

private:
    const string _name;
};

int main() {
    Communicator communicator;
    communicator.setProperty(map<string, string>{{"asyncthread", "1"}, {"netthread", "1"}});
    vector<TC_AutoPtr<Loop>> loops;
    string line;
    while (getline(cin, line)) {
        istringstream words(line);
        string command;
        words >> command;
        if (command == "begin") {
            string port;
            int inFlight = 0;
            words >> port >> inFlight;
            prx = communicator.stringToProxy<Bench::NodeTarsPrx>("Bench.NodeServer.NodeObj@tcp -h 127.0.0.1 -t 60000 -p " + port);
            while (static_cast<int>(loops.size()) < inFlight) loops.push_back(new Loop("name number " + to_string(loops.size())));
            isRunning = true;
            underWay = inFlight;
            for (auto &loop : loops) loop->call();
        } else if (command == "end") {
            isRunning = false;
            while (underWay > 0) this_thread::sleep_for(chrono::milliseconds(1));
        }
        cout << answered << endl;
    }
    return 0;
}
