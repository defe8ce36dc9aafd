// A Go server for the tests.
// usage: server -config=FILE
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"interop/Interop"

	"github.com/TarsCloud/TarsGo/tars"
	"github.com/TarsCloud/TarsGo/tars/util/current"
)

type peer struct {
	mutex sync.Mutex
	notes []string
}

func (p *peer) Echo(_ context.Context, value *Interop.Everything, copied *Interop.Everything) (Interop.Everything, error) {
	*copied = *value
	return *value, nil
}

func (p *peer) Add(_ context.Context, a int64, b int64) (int64, error) {
	return a + b, nil
}

func (p *peer) Note(_ context.Context, text string) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.notes = append(p.notes, text)
	return nil
}

func (p *peer) Notes(_ context.Context) ([]string, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.notes, nil
}

func (p *peer) Contexts(ctx context.Context) (map[string]string, error) {
	request, _ := current.GetRequestContext(ctx)
	current.SetResponseContext(ctx, map[string]string{"answered": "yes"})
	return request, nil
}

func (p *peer) Fail(_ context.Context, code int32, why string) error {
	if code == 0 {
		return errors.New(why)
	}
	return tars.Errorf(code, "%s", why)
}

func (p *peer) Later(_ context.Context, ms int32) (int32, error) {
	if ms < 0 {
		time.Sleep(time.Hour)
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return ms, nil
}

func main() {
	// The adapters have to be known before the servant is.
	tars.GetServerConfig()
	new(Interop.Peer).AddServantWithContext(new(peer), "Interop.GoServer.PeerObj")
	fmt.Println("starting")
	tars.Run()
}
