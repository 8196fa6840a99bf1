//! Wrong arguments, in people's words.
//!
//! In: clap's error. Out: what is wrong and a way out, in one language, on standard error; help and version on standard output.

use super::{Outcome, console};
use crate::{
    diagnostic::{Language, Message},
    message,
};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// Reports what clap says.
pub(super) fn report(error: &Error, language: Language) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match console::result(&error.render().ansi().to_string(), anstream::ColorChoice::Auto) {
                Ok(()) => Outcome::Done,
                Err(_) => Outcome::Failed,
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            console::note(&error.render().ansi().to_string(), anstream::ColorChoice::Auto);
            Outcome::Failed
        }
        kind => {
            let what = message_of(kind, error, language);
            let label = language.pick("錯誤：", "error: ");
            let more = message!("用法請看 planpress --help", "See planpress --help");
            console::note(&format!("{label}{}\n{}\n", what.text(language), more.text(language)), anstream::ColorChoice::Auto);
            Outcome::Failed
        }
    }
}

fn message_of(kind: ErrorKind, error: &Error, language: Language) -> Message {
    let separator = language.pick("、", ", ");
    let word = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(separator),
        _ => String::new(),
    };
    let (argument, value) = (word(ContextKind::InvalidArg), word(ContextKind::InvalidValue));
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .map(word)
        .find(|near| !near.is_empty());
    let message = match kind {
        ErrorKind::InvalidSubcommand => {
            let command = word(ContextKind::InvalidSubcommand);
            message!("沒有「{command}」這個指令", "There is no command `{command}`")
        }
        ErrorKind::UnknownArgument if !argument.starts_with('-') => message!("不需要「{argument}」", "There is no place for `{argument}`"),
        // clap calls the words without an option by their place in the help.
        ErrorKind::TooManyValues if !argument.starts_with('-') => message!("不需要「{value}」", "There is no place for `{value}`"),
        ErrorKind::TooManyValues => message!("「{argument}」後面不能有值", "`{argument}` takes no value"),
        ErrorKind::InvalidUtf8 => message!("有的字不是 Unicode", "A word is not Unicode"),
        ErrorKind::UnknownArgument => message!("沒有「{argument}」這個選項", "There is no option `{argument}`"),
        ErrorKind::InvalidValue if value.is_empty() => message!("「{argument}」後面要有值", "`{argument}` needs a value"),
        ErrorKind::InvalidValue => {
            let valid = word(ContextKind::ValidValue);
            message!("「{argument}」不能是「{value}」；可用的有：{valid}", "`{argument}` cannot be `{value}`; use one of: {valid}")
        }
        // A port is the only number that anybody gives.
        ErrorKind::ValueValidation => {
            message!(
                "「{argument}」要是 0 到 65535 的整數，不是「{value}」",
                "`{argument}` is a whole number from 0 to 65535, not `{value}`"
            )
        }
        ErrorKind::MissingRequiredArgument => message!("缺少 {argument}", "{argument} is missing"),
        ErrorKind::MissingSubcommand => message!("缺少指令", "The command is missing"),
        ErrorKind::ArgumentConflict => {
            let other = word(ContextKind::PriorArg);
            if argument == other {
                message!("「{argument}」只能寫一次", "`{argument}` can be given only once")
            } else {
                message!("「{argument}」不能與「{other}」並用", "`{argument}` cannot be used with `{other}`")
            }
        }
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            message!("{first}", "{first}")
        }
    };
    let Some(near) = near else { return message };
    let Message { zh, en } = message;
    message!("{zh}；是不是「{near}」？", "{en}; did you mean `{near}`?")
}
