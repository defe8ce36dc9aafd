// The services of a TARS platform that the tests need, in C++: a registry that knows one object, and what takes reports. Tells what is
// reported, a line each.
// usage: platform --config=FILE    in it /tars/application/objects: endpoints by object
#include <iostream>
#include "servant/Application.h"
#include "servant/PropertyF.h"
#include "servant/QueryF.h"
#include "servant/StatF.h"

using namespace std;
using namespace tars;

static mutex outputMutex;

static void tell(const string &line) {
    lock_guard<mutex> lock(outputMutex);
    cout << line << endl;
}

class QueryImp : public QueryF {
public:
    explicit QueryImp(const map<string, string> &objects) : _objects(objects) {}

    void initialize() override {}
    void destroy() override {}

    vector<EndpointF> findObjectById(const string &id, CurrentPtr) override { return active(id); }

    Int32 findObjectById4All(const string &id, vector<EndpointF> &up, vector<EndpointF> &down, CurrentPtr) override {
        return find(id, up, down);
    }

    Int32 findObjectById4Any(const string &id, vector<EndpointF> &up, vector<EndpointF> &down, CurrentPtr) override {
        return find(id, up, down);
    }

    Int32 findObjectByIdInSameGroup(const string &id, vector<EndpointF> &up, vector<EndpointF> &down, CurrentPtr) override {
        return find(id, up, down);
    }

    Int32 findObjectByIdInSameSet(const string &id, const string &, vector<EndpointF> &up, vector<EndpointF> &down,
                                  CurrentPtr) override {
        return find(id, up, down);
    }

    Int32 findObjectByIdInSameStation(const string &id, const string &, vector<EndpointF> &up, vector<EndpointF> &down,
                                      CurrentPtr) override {
        return find(id, up, down);
    }

    Int32 findObjectNodeName(const string &, vector<string> &, CurrentPtr) override { return 0; }
    Int32 getLocker(const GetMasterSlaveLock &, CurrentPtr) override { return 0; }
    Int32 registerChange(const map<string, string> &, const string &, CurrentPtr) override { return 0; }
    Int32 registerQuery(const string &, const string &, CurrentPtr) override { return 0; }

private:
    vector<EndpointF> active(const string &id) {
        tell("asked " + id);
        vector<EndpointF> found;
        auto known = _objects.find(id);
        if (known == _objects.end()) return found;
        TC_Endpoint endpoint(known->second);
        EndpointF one;
        one.host = endpoint.getHost();
        one.port = endpoint.getPort();
        one.timeout = endpoint.getTimeout();
        one.istcp = 1;
        found.push_back(one);
        return found;
    }

    Int32 find(const string &id, vector<EndpointF> &up, vector<EndpointF> &down) {
        up = active(id);
        // One that must not be called.
        EndpointF away;
        away.host = "192.0.2.1";
        away.port = 9;
        away.istcp = 1;
        down.push_back(away);
        return 0;
    }

    const map<string, string> _objects;
};

class StatImp : public StatF {
public:
    void initialize() override {}
    void destroy() override {}

    Int32 reportMicMsg(const map<StatMicMsgHead, StatMicMsgBody> &calls, Bool fromClient, CurrentPtr) override {
        for (const auto &entry : calls) {
            const StatMicMsgHead &head = entry.first;
            const StatMicMsgBody &body = entry.second;
            ostringstream line;
            line << "stat " << (fromClient ? "client " : "server ") << head.masterName << " " << head.slaveName << " "
                 << head.interfaceName << " " << head.returnValue << " " << body.count << " " << body.timeoutCount << " "
                 << body.execCount;
            tell(line.str());
        }
        return 0;
    }

    Int32 reportSampleMsg(const vector<StatSampleMsg> &, CurrentPtr) override { return 0; }
};

class PropertyImp : public PropertyF {
public:
    void initialize() override {}
    void destroy() override {}

    Int32 reportPropMsg(const map<StatPropMsgHead, StatPropMsgBody> &properties, CurrentPtr) override {
        for (const auto &entry : properties) {
            string line = "property " + entry.first.propertyName;
            for (const StatPropInfo &info : entry.second.vInfo) line += " " + info.policy + "=" + info.value;
            tell(line);
        }
        return 0;
    }
};

class PlatformServer : public Application {
public:
    void initialize() override {
        map<string, string> objects;
        getConfig().getDomainMap("/tars/application/objects", objects);
        addServantWithParams<QueryImp>("tars.platform.QueryObj", objects);
        addServant<StatImp>("tars.platform.StatObj");
        addServant<PropertyImp>("tars.platform.PropertyObj");
    }
    void destroyApp() override {}
};

int main(int argc, char *argv[]) {
    try {
        PlatformServer server;
        server.main(argc, argv);
        tell("ready");
        server.waitForShutdown();
        return 0;
    } catch (const exception &error) {
        cerr << "failed: " << error.what() << endl;
        return 1;
    }
}
