use internflow_domain::{Typesetter, ResumeFormat};
#[test]
fn time() {
    let text = std::fs::read_to_string("/tmp/h-resume-out/profile.json").unwrap();
    let p = internflow_resume::parse_profile(&text).unwrap();
    let t = std::time::Instant::now();
    let d = internflow_resume::Documents::new();
    println!("new {:?}", t.elapsed());
    for i in 0..3 {
        let t = std::time::Instant::now();
        let b = d.export(&p, ResumeFormat::Pdf).unwrap();
        println!("pdf {i} {:?} {} bytes", t.elapsed(), b.len());
        std::fs::write("/tmp/h-resume-out/real.pdf", b).unwrap();
    }
    let mut q = p.clone();
    q.projects[0].highlights.push("One more thing typed.".into());
    let t = std::time::Instant::now();
    let s = d.preview(&q).unwrap();
    println!("preview after edit {:?} {} pages {} bytes", t.elapsed(), s.len(), s[0].len());
    for f in [ResumeFormat::Docx, ResumeFormat::Md, ResumeFormat::Txt, ResumeFormat::Json] {
        let t = std::time::Instant::now();
        let b = d.export(&p, f).unwrap();
        println!("{} {:?} {} bytes", f.extension(), t.elapsed(), b.len());
        std::fs::write(format!("/tmp/h-resume-out/real.{}", f.extension()), b).unwrap();
    }
    for (n, name) in ["आशा क्षीरसागर", "ஆஷா கிருஷ்ணன்", "অশোক চট্টোপাধ্যায়", "שלום مرحبا 中文"].iter().enumerate() {
        let mut q = p.clone();
        q.basics.name = name.to_string();
        q.projects[0].name = name.to_string();
        std::fs::write(format!("/tmp/h-resume-out/n{n}.pdf"), d.export(&q, ResumeFormat::Pdf).unwrap()).unwrap();
    }
}
