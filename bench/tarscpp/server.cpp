// The C++ server of the figure `tarscpp`; does what servers/tars-server.ts does.
// usage: server --config=FILE
#include <iostream>
#include "NodeTars.h"
#include "servant/Application.h"

using namespace std;
using namespace tars;

class NodeTarsImp : public Bench::NodeTars {
public:
    void initialize() override {}
    void destroy() override {}

    Int32 getUsrName(const string &sUsrName, string &sValue1, string &sValue2, CurrentPtr) override {
        sValue1 = sUsrName;
        sValue2 = "second";
        return 7;
    }
};

class NodeServer : public Application {
public:
    void initialize() override { addServant<NodeTarsImp>("Bench.NodeServer.NodeObj"); }
    void destroyApp() override {}
};

int main(int argc, char *argv[]) {
    try {
        NodeServer server;
        server.main(argc, argv);
        cout << "ready" << endl;
        server.waitForShutdown();
        return 0;
    } catch (const exception &error) {
        cerr << "failed: " << error.what() << endl;
        return 1;
    }
}
