// Evaluated in a page by optlab/site/check.py: moves every slider of a lab from end to end, and says what it saw.
async (view) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const canvases = () => [...view.querySelectorAll(".optlab-live .optlab-figure canvas[role=img]")];
    const looks = () => canvases().map((canvas) => {
        Object.assign(copy.canvas, { width: canvas.width, height: canvas.height });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let sum = 7;
        for (const word of new Uint32Array(data.buffer)) sum = (Math.imul(sum, 31) + word) | 0;
        return sum;
    }).join();
    const slots = () => canvases().map((canvas) => canvas.dataset.slot).join();
    const waits = () => view.querySelector(".optlab-live .optlab-waiting") !== null;
    const found = [];
    let patience = 600; // frames, for all stops together
    for (const control of view.querySelectorAll(".optlab-live .optlab-control")) {
        const handle = control.querySelector(".noUi-handle"), select = control.querySelector("select");
        const name = (control.querySelector("label") ?? control).textContent.trim();
        const press = (key) => handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        const to = (k) => { select.selectedIndex = k; select.dispatchEvent(new Event("change", { bubbles: true })); };
        const before = select ? select.selectedIndex : handle.getAttribute("aria-valuenow");
        const one = { name, stops: 1, changes: 0, dead: [], faint: control.matches(".optlab-idle") };
        found.push(one);
        if (select) to(0); else press("Home");
        await frame();
        for (let k = 1; k < 200; k += 1) {
            const [at, look, where] = [slots(), looks(), handle?.getAttribute("aria-valuenow")];
            if (select) { if (k === select.options.length) break; to(k); } else press("ArrowRight");
            await frame();
            if (!select && handle.getAttribute("aria-valuenow") === where) break;
            for (; waits() && patience > 0; patience -= 1) await frame();
            one.stops += 1;
            if (slots() === at || waits()) one.dead.push(k);
            if (looks() !== look) one.changes += 1;
        }
        if (select) to(before); else { press("Home"); for (let k = 0; k < Number(before); k += 1) press("ArrowRight"); }
        await frame();
    }
    return found;
}
