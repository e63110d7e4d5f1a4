// Opened as a file, a page may start no workers: what searches then runs in a frame of the page.
window.IFrameWorker = class extends EventTarget {
  constructor(url) {
    super()
    const frame = document.createElement('iframe')
    frame.hidden = true
    document.documentElement.append(frame)
    const inside = frame.contentWindow
    inside.postMessage = data => this.dispatchEvent(new MessageEvent('message', { data }))
    const load = src => new Promise((done, failed) => {
      const script = Object.assign(inside.document.createElement('script'), { src: String(src), onload: done, onerror: failed })
      inside.document.head.append(script)
    })
    inside.importScripts = async (...urls) => { for (const u of urls) await load(u) }
    this.ready = load(new URL(url, document.baseURI))
    this.send = data => inside.dispatchEvent(new MessageEvent('message', { data }))
  }
  postMessage(data) { this.ready.then(() => this.send(data)) }
}
if (location.protocol === 'file:') window.Worker = window.IFrameWorker
