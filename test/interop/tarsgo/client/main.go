// A Go client for the tests: makes the calls that it is told on its input, a line each, and tells what came of them, a line each.
// usage: client OBJECT [key=value ...]   the object with or without an endpoint; the rest are keys of a client section, as locator
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"interop/Interop"

	"github.com/TarsCloud/TarsGo/tars"
)

// sample has all fields at values that need care.
func sample() Interop.Everything {
	point := Interop.Point{X: 3, Y: 7, Label: "origin"}
	value := Interop.Everything{
		Flag:   true,
		I16:    -32768,
		I32:    -2147483648,
		I64:    -9223372036854775808,
		U16:    65535,
		U32:    4294967295,
		F32:    1.5,
		F64:    -0.1,
		Text:   "grüß dich 日本 " + strings.Repeat("x", 300),
		Blob:   []int8{0, -1, 127, -128},
		Ints:   []int32{0, 1, -1, 70000},
		Texts:  []string{"", "a", strings.Repeat("b", 256)},
		Counts: map[string]int32{"one": 1, "two": 2},
		ById:   map[int32][]Interop.Point{-5: {point, point}},
		Colour: Interop.Colour_BLUE,
		Origin: Interop.Point{Y: 7, Label: ""},
	}
	for i := 0; i < 100; i++ {
		value.Path = append(value.Path, point)
	}
	return value
}

func echo(prx *Interop.Peer) (string, error) {
	value := sample()
	var copied Interop.Everything
	result, err := prx.Echo(&value, &copied)
	if !reflect.DeepEqual(value, copied) || !reflect.DeepEqual(value, result) {
		return "different", err
	}
	return "same", err
}

func big(prx *Interop.Peer, size int) (string, error) {
	var value, copied Interop.Everything
	value.ResetDefault()
	value.Text = strings.Repeat("y", size)
	_, err := prx.Echo(&value, &copied)
	return fmt.Sprint(len(copied.Text)), err
}

func many(prx *Interop.Peer, count int) string {
	var good int64
	var all sync.WaitGroup
	for i := 0; i < count; i++ {
		all.Add(1)
		go func(i int64) {
			defer all.Done()
			if sum, err := prx.Add(i, 1); err == nil && sum == i+1 {
				atomic.AddInt64(&good, 1)
			}
		}(int64(i))
	}
	all.Wait()
	return fmt.Sprint(good)
}

func contexts(prx *Interop.Peer, pairs []string) (string, error) {
	values := map[string]string{}
	for _, pair := range pairs {
		at := strings.Index(pair, "=")
		values[pair[:at]] = pair[at+1:]
	}
	// It is filled with that of the answer.
	result, err := prx.Contexts(values)
	return fmt.Sprint(result, " < ", values), err
}

func number(word string) (value int64) {
	fmt.Sscan(word, &value)
	return value
}

func run(prx *Interop.Peer, command string, words []string) (string, error) {
	switch command {
	case "echo":
		return echo(prx)
	case "big":
		return big(prx, int(number(words[0])))
	case "add":
		sum, err := prx.Add(number(words[0]), number(words[1]))
		return fmt.Sprint(sum), err
	case "many":
		return many(prx, int(number(words[0]))), nil
	case "note":
		return "sent", prx.NoteOneWayWithContext(context.Background(), words[0])
	case "notes":
		notes, err := prx.Notes()
		return strings.Join(notes, " "), err
	case "contexts":
		return contexts(prx, words)
	case "fail":
		return "did not fail", prx.Fail(int32(number(words[0])), strings.Join(words[1:], " "))
	case "later":
		result, err := prx.Later(int32(number(words[0])))
		return fmt.Sprint(result), err
	case "timeout":
		prx.TarsSetTimeout(int(number(words[0])))
		return words[0], nil
	}
	return "no such command", nil
}

func main() {
	communicator := tars.NewCommunicator()
	for _, pair := range os.Args[2:] {
		at := strings.Index(pair, "=")
		communicator.SetProperty(pair[:at], pair[at+1:])
	}
	prx := new(Interop.Peer)
	communicator.StringToProxy(os.Args[1], prx)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		result, err := run(prx, words[0], words[1:])
		if err != nil {
			fmt.Printf("! errno:%d,info:%s\n", tars.GetErrorCode(err), err)
		} else {
			fmt.Println("= " + result)
		}
	}
}
