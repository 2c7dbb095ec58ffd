// The report's page as a browser shows it: nothing is fetched, nothing complains, every chart is seen, and it fits a phone.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drvfleet, folder } from "../program.js";
import { missing } from "./needs.js";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

describe.skipIf(missing("chromium", CHROMIUM === undefined))("report.html in Chromium", () => {
  const place = folder();
  const complaints: string[] = [];
  const requests: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const made = await drvfleet(["compare", "scenarios/book.yaml", "--seeds", "3", "--out", place.path]);
    expect(made.code, made.err).toBe(0);
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("console", (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())));
    page.on("pageerror", (error) => void complaints.push(error.message));
    page.on("request", (request) => void requests.push(request.url()));
    await page.goto(pathToFileURL(place.at("report.html")).href);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    place.remove();
  });

  it("loads without complaint, and from itself alone", async () => {
    await page.waitForLoadState("networkidle");
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([pathToFileURL(place.at("report.html")).href]);
  });

  it("says who wins above all, and shows every chart", async () => {
    expect(await page.title()).toMatch(/book/);
    expect(await page.locator("h1").count()).toBe(1);
    const first = await page.locator(".verdict").first().textContent();
    expect(first).toMatch(/finishes first/);
    const charts = page.locator("figure svg, figure img");
    expect(await charts.count()).toBeGreaterThanOrEqual(5);
    for (let i = 0; i < (await charts.count()); i++) {
      const box = await charts.nth(i).boundingBox();
      expect(box!.width, `chart ${i + 1}`).toBeGreaterThan(200);
      expect(box!.height, `chart ${i + 1}`).toBeGreaterThan(60);
    }
  });

  it("has a table of contents that leads to every section", async () => {
    const links = page.locator("nav a");
    const count = await links.count();
    expect(count).toBeGreaterThanOrEqual(7);
    for (let i = 0; i < count; i++) {
      const target = await links.nth(i).getAttribute("href");
      await links.nth(i).click();
      // In view, unless the page ends before that.
      const away = `Math.round(document.querySelector(location.hash).getBoundingClientRect().top)`;
      const end = `scrollY + innerHeight >= document.documentElement.scrollHeight - 2`;
      const seen = `location.hash === ${JSON.stringify(target)} && (Math.abs(${away}) < 200 || ${end})`;
      await expect.poll(() => page.evaluate(seen), { message: `${target} comes into view`, timeout: 10_000 }).toBe(true);
    }
  });

  it.each([400, 1280])("needs no sideways scrolling at %i px", async (width) => {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    for (const details of await page.locator("details").all()) await details.evaluate((element) => element.setAttribute("open", ""));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });
});
