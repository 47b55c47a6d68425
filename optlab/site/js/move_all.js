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
    const painted = () => canvases().map((canvas) => canvas.dataset.draws);
    const slots = () => canvases().map((canvas) => canvas.dataset.slot).join();
    const waits = () => view.querySelector(".optlab-live .optlab-waiting") !== null;
    // A key comes at any moment of a frame: from there it takes until the frame that has the new pixels is handed over.
    const some = (k) => new Promise((done) => setTimeout(done, (k * 7) % 17));
    const found = [];
    let patience = 600; // frames, for all stops together
    for (const control of view.querySelectorAll(".optlab-live .optlab-control")) {
        const handle = control.querySelector(".noUi-handle"), select = control.querySelector("select");
        const name = (control.querySelector("label") ?? control).textContent.trim();
        const press = (key) => handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        const to = (k) => { select.selectedIndex = k; select.dispatchEvent(new Event("change", { bubbles: true })); };
        const before = select ? select.selectedIndex : handle.getAttribute("aria-valuenow");
        const one = { name, stops: 1, changes: 0, dead: [], took: [], worked: [], faint: control.matches(".optlab-idle, :has(.optlab-idle)") };
        found.push(one);
        if (select) to(0); else press("Home");
        await frame();
        for (let k = 1, look = looks(); k < 200; k += 1) {
            const [at, where] = [slots(), handle?.getAttribute("aria-valuenow")];
            if (select && k === select.options.length) break;
            await some(k);
            const draws = painted();
            const pressed = performance.now();
            if (select) to(k); else press("ArrowRight");
            const worked = performance.now() - pressed;
            const late = waits() || painted().every((count, j) => count === draws[j]);
            await frame();
            if (!select && handle.getAttribute("aria-valuenow") === where) break;
            for (; waits() && patience > 0; patience -= 1) await frame();
            one.took.push(performance.now() - pressed);
            one.worked.push(late ? Infinity : worked);
            one.stops += 1;
            if (slots() === at || waits()) one.dead.push(k);
            const now = looks(); // after the clock has stopped: every pixel is read back, which takes longer than drawing it
            if (now !== look) one.changes += 1;
            look = now;
        }
        if (select) to(before); else { press("Home"); for (let k = 0; k < Number(before); k += 1) press("ArrowRight"); }
        await frame();
    }
    return found;
}
