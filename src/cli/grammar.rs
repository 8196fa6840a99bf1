//! The grammar of the command line and its help, in one language.
//!
//! In: a language, and the words of the command line. Out: clap's description of all commands, and of the options of any that is named.
//! What the words mean is the business of `arguments`.

use crate::diagnostic::Language;
use clap::{Arg, ArgAction, Command, builder::PossibleValuesParser, value_parser};
use std::{ffi::OsString, path::PathBuf};

/// The grammar of these words.
pub(super) fn grammar(language: Language, words: &[OsString]) -> Command {
    let grammar = Grammar { language, words };
    let say = |zh, en| grammar.say(zh, en);
    Command::new("planpress")
        .version(env!("CARGO_PKG_VERSION"))
        .about(say("把資通安全維護計畫做成可搜尋、可列印的網站", "Publishes a Cyber Security Maintenance Plan as a website"))
        .help_template(say(
            "{about}\n\n用法：planpress <指令> [選項]\n\n指令：\n{subcommands}\n\n選項：\n{options}\n",
            "{about}\n\nUsage: planpress <COMMAND> [OPTIONS]\n\nCommands:\n{subcommands}\n\nOptions:\n{options}\n",
        ))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(say("顯示版本", "show the version")),
        )
        .args(grammar.common())
        .subcommands([
            grammar.init(),
            grammar.serve(),
            grammar.build(),
            grammar.pdf(),
            grammar.check(),
            grammar.status(),
            grammar.approve(),
            grammar.verify(),
            grammar.compare(),
            grammar.explain(),
        ])
}

struct Grammar<'a> {
    language: Language,
    words: &'a [OsString],
}

impl Grammar<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.language.pick(zh, en)
    }

    fn folder(&self) -> &'static str {
        self.say("資料夾", "DIR")
    }

    /// An option without a value.
    fn flag(name: &'static str, help: &'static str) -> Arg {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    }

    /// An option with a value.
    fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
        Arg::new(name).long(name).value_name(value).help(help)
    }

    /// An option that names a folder.
    fn path(&self, name: &'static str, help: &'static str) -> Arg {
        Self::option(name, self.folder(), help).value_parser(value_parser!(PathBuf))
    }

    /// An option with a few values, which its help names.
    fn choice<const N: usize>(name: &'static str, value: &'static str, help: &'static str, values: [&'static str; N]) -> Arg {
        Self::option(name, value, help).value_parser(PossibleValuesParser::new(values)).hide_possible_values(true)
    }

    /// Options that may stand before or after any command.
    fn common(&self) -> Vec<Arg> {
        let language = self.say("訊息的語言：zh-TW 或 en（預設依系統）", "language of messages: zh-TW or en (default: the system's)");
        let color = self.say("顏色：auto（預設）、always 或 never", "colours: auto (the default), always or never");
        let all = [
            self.path("project", self.say("計畫所在的資料夾（預設為目前資料夾）", "the plan's folder (default: the current one)")),
            self.path("overlay", self.say("疊在 content/ 上、逐檔取代的資料夾", "a folder laid over content/ file by file")),
            Self::choice("lang", self.say("語言", "LANGUAGE"), language, ["zh-TW", "en"]),
            Self::choice("color", self.say("何時", "WHEN"), color, ["auto", "always", "never"]),
            Self::flag("quiet", self.say("只顯示錯誤", "show errors only")).short('q'),
            Self::flag(
                "verbose",
                self.say("顯示所花時間；預覽時說明每頁為何更新", "show how long things take, and in a preview why pages change"),
            )
            .short('v')
            .conflicts_with("quiet"),
            Arg::new("help").short('h').long("help").action(ArgAction::Help).help(self.say("顯示說明", "show help")),
        ];
        all.into_iter().map(|argument| argument.global(true)).collect()
    }

    /// A command, with its own arguments if it is named: describing those of all the others is work at each start.
    fn command(&self, name: &'static str, about: &'static str, positional: &str, own: impl FnOnce(Command) -> Command) -> Command {
        let command = Command::new(name).about(about);
        if !self.words.iter().any(|word| word == name) {
            return command;
        }
        let options = self.say("[選項]", "[OPTIONS]");
        let command = command
            .override_usage(format!("planpress {name} {positional}{options}"))
            .help_template(
                self.say("{about}\n\n用法：{usage}\n\n選項：\n{options}\n", "{about}\n\nUsage: {usage}\n\nOptions:\n{options}\n"),
            )
            .disable_help_flag(true);
        own(command)
    }

    fn init(&self) -> Command {
        let folder = self.folder();
        let about = self.say(
            "以內建的官方範本，在新的或空的資料夾建立計畫",
            "begin a plan from the built-in official template, in a new or empty folder",
        );
        let argument = Arg::new("folder").value_name(folder).required(true).value_parser(value_parser!(PathBuf));
        self.command("init", about, &format!("<{folder}> "), |command| command.arg(argument))
    }

    fn serve(&self) -> Command {
        let host = self.say("接聽的位址（預設 127.0.0.1，只有本機看得到）", "address to listen on (default: 127.0.0.1, this machine only)");
        let port = self.say("連接埠（預設 4321）", "port (default: 4321)");
        let view = self.say(
            "draft（預設，含撰寫說明）或 published（讀者所見）",
            "draft (the default, with guidance) or published (what readers see)",
        );
        let poll = self.say(
            "定時查看檔案；網路資料夾不會通知變動時使用",
            "look at the files again and again, for shares that send no events",
        );
        self.command("serve", self.say("一邊編輯一邊預覽", "preview while editing"), "", |command| {
            command
                .arg(Self::option("host", self.say("位址", "HOST"), host))
                .arg(Self::option("port", self.say("連接埠", "PORT"), port).value_parser(value_parser!(u16)))
                .arg(Self::flag("open", self.say("開啟瀏覽器", "open the browser")))
                .arg(Self::choice("view", self.say("檢視", "VIEW"), view, ["published", "draft"]))
                .arg(Self::flag("poll", poll))
        })
    }

    fn build(&self) -> Command {
        let out = self.say("輸出資料夾（預設為計畫裡的 public）", "output folder (default: public in the plan's folder)");
        let view = self.say(
            "published（預設，讀者所見）或 draft（含撰寫說明）",
            "published (the default, what readers see) or draft (with guidance)",
        );
        self.command("build", self.say("產生網站", "build the website"), "", |command| {
            command
                .arg(self.path("out", out))
                .arg(Self::choice("view", self.say("檢視", "VIEW"), view, ["published", "draft"]))
                .arg(Self::flag("pdf", self.say("一併產生 plan.pdf", "make plan.pdf as well")))
                .arg(self.font_path())
                .arg(Self::flag(
                    "replace-approved",
                    self.say(
                        "即使輸出資料夾裡是核定版，也以草案或沒有它的紀錄的版次取代",
                        "replace an approved edition in the output folder by a draft, or by an edition without its record",
                    ),
                ))
        })
    }

    fn pdf(&self) -> Command {
        let out = self.say(
            "PDF 的檔名（預設為 plan.pdf；單一附件為其代號；- 為標準輸出）",
            "the PDF's name (default: plan.pdf, or the annex's id; - is standard output)",
        );
        let replace = self.say(
            "即使那個檔案是核定版，也以草案或沒有它的紀錄的版次取代",
            "replace a PDF of an approved edition by a draft, or by an edition without its record",
        );
        let annex = self.say("只印一份附件（代號，即檔名）", "print one annex alone (its id, the file's name)");
        let about = if cfg!(feature = "pdf") {
            self.say("排版核定本的 PDF", "typeset the printed edition as PDF")
        } else {
            self.say(
                "排版核定本的 PDF（這個程式編譯時沒有加入）",
                "typeset the printed edition as PDF (this program was built without)",
            )
        };
        self.command("pdf", about, "", |command| {
            command
                .arg(Self::option("out", self.say("檔案", "FILE"), out).value_parser(value_parser!(PathBuf)))
                .arg(Self::option("annex", "ID", annex))
                .arg(self.font_path())
                .arg(Self::flag("replace-approved", replace))
        })
    }

    fn font_path(&self) -> Arg {
        let help = self.say("先在這個資料夾找字型（可重複）", "look for fonts in this folder first (may be repeated)");
        self.path("font-path", help).action(ArgAction::Append)
    }

    fn check(&self) -> Command {
        let format = self.say("text（預設）、json 或 sarif", "text (the default), json or sarif");
        self.command("check", self.say("檢查內容", "check the content"), "", |command| {
            command
                .arg(Self::choice("format", self.say("格式", "FORMAT"), format, ["text", "json", "sarif"]))
                .arg(Self::choice("deny", "warnings", self.say("有警告也算失敗", "fail on warnings too"), ["warnings"]))
                .arg(Self::flag(
                    "fix",
                    self.say("把只有一種改法的直接改好，並列出改了什麼", "mend what has exactly one cure, and say what was changed"),
                ))
        })
    }

    fn status(&self) -> Command {
        let format = self.say("text（預設）或 json", "text (the default) or json");
        self.command("status", self.say("離核定還差什麼", "what stands between this plan and approval"), "", |command| {
            command.arg(Self::choice("format", self.say("格式", "FORMAT"), format, ["text", "json"]))
        })
    }

    fn approve(&self) -> Command {
        let (number, name, day) = (self.say("版次", "NUMBER"), self.say("姓名", "NAME"), self.say("日期", "DATE"));
        let by = self.say("核定人（必填）", "who approves it (required)");
        let on = self.say("核定日期，例如 2026-11-22（必填）", "the day, such as 2026-11-22 (required)");
        let pdf = self.say("連同 plan.pdf 一起記錄", "record plan.pdf as well");
        let sign = self.say("以這把 OpenSSH 私鑰簽署紀錄", "sign the record with this OpenSSH private key");
        let usage = self.say("<版次> --by <姓名> --on <日期> ", "<NUMBER> --by <NAME> --on <DATE> ");
        self.command(
            "approve",
            self.say("核定：封存這一版的紀錄", "approve: seal a record of this edition"),
            usage,
            |command| {
                command
                    .arg(Arg::new("number").value_name(number).required(true))
                    .arg(Self::option("by", name, by).required(true))
                    .arg(Self::option("on", day, on).required(true))
                    .arg(Self::flag("pdf", pdf))
                    .arg(self.font_path())
                    .arg(Self::option("sign", self.say("金鑰", "KEY"), sign).value_parser(value_parser!(PathBuf)))
            },
        )
    }

    fn verify(&self) -> Command {
        let path = self.say("資料夾或紀錄", "DIR|RECORD");
        let about = self.say("核對網站或紀錄是否就是核定的那一版", "compare a site, or a record, with what was approved");
        self.command("verify", about, &format!("<{path}>… "), |command| {
            command.arg(Arg::new("path").value_name(path).required(true).num_args(1..=2).value_parser(value_parser!(PathBuf)))
        })
    }

    fn compare(&self) -> Command {
        let (old, new) = (self.say("舊版", "OLD"), self.say("新版", "NEW"));
        let about = self.say(
            "製作修正對照表，輸出為 HTML 或 CSV。舊版、新版是版次（例如 1.0）或紀錄檔；不寫新版，就與目前的原稿比",
            "make the amendment table, as HTML or CSV. OLD and NEW are numbers such as 1.0, or records' files; without NEW, the sources as they are",
        );
        let all = self.say("未修正的條文也列出", "show unchanged clauses too");
        let format = self.say("html（預設）或 csv（供 Excel 開啟）", "html (the default) or csv (for spreadsheets)");
        self.command("compare", about, &format!("<{old}> [{new}] "), |command| {
            command
                .arg(Arg::new("old").value_name(old).required(true))
                .arg(Arg::new("new").value_name(new))
                .arg(Self::flag("all", all))
                .arg(Self::choice("format", self.say("格式", "FORMAT"), format, ["html", "csv"]))
        })
    }

    fn explain(&self) -> Command {
        let rule = self.say("規則", "RULE");
        let about = self.say("說明一條規則；不寫規則則列出全部", "explain a rule; without one, list them all");
        self.command("explain", about, &format!("[{rule}] "), |command| command.arg(Arg::new("rule").value_name(rule)))
    }
}
